using System.Text.Json.Nodes;
using Slipway.Identity.Accounts;
using Slipway.Identity.Registrations;
using Slipway.Identity.SignIns;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Todo;

internal sealed record LoginBody
{
    public string? Email { get; set; }

    public string? Password { get; set; }

    public string? TotpCode { get; set; }
}

internal sealed record RefreshBody
{
    public string? RefreshToken { get; set; }
}

/// <summary><c>POST /auth/login</c> and <c>POST /auth/refresh</c></summary>
internal static class Login
{
    public static void Map(RouteGroupBuilder auth)
    {
        auth.MapPost("/login", HandleAsync).WithName("signInForTodo")
            .Example("""{"email":"ada@example.org","password":"seven quiet lighthouses"}""").Refuses("badCredentials", "twoFactorRequired", "badCode", "tooManyAttempts", "passwordChecksBusy", "databaseUnavailable")
            .Accepts<LoginBody>("application/json").Produces<TodoTokens>(200)
            .OpenToAll("it is how people sign in");
        auth.MapPost("/refresh", RefreshAsync).WithName("refreshForTodo").Refuses("refreshTokenInvalid").Accepts<RefreshBody>("application/json").Produces<TodoTokens>(200)
            .OpenToAll("the refresh token proves who calls");
    }

    /// <summary>Reads the body all surfaces share. A wrong shape of the address is no finding: it is just no known account.</summary>
    public static async Task<Outcome<PasswordAttempt>> ReadAsync(HttpContext http, string clientId, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.LoginBody, 4096, cancellation)).Is(out var body, out var problem))
        {
            return problem;
        }

        var findings = new Findings();
        var email = findings.Text("/email", body.Email, EmailAddress.LengthMax);
        var password = SignUpForm.ShownPassword(findings, "/password", body.Password);
        var code = findings.OptionalText("/totpCode", body.TotpCode, 64);
        return findings.Any
            ? findings.ToProblem()
            : new PasswordAttempt(email, password, clientId, ClientAddress.Of(http), http.Request.Headers.UserAgent) { SecondFactorCode = code };
    }

    public static Problem SecondFactorRequired(Guid challengeId) => new(
        401, "twoFactorRequired", "A second factor is needed", "The password was right. Send the code of the authenticator as totpCode, or answer the challenge.")
    {
        Members = new JsonObject { ["twoFactorRequired"] = true, ["challengeId"] = challengeId.ToString() },
        Headers = [new("WWW-Authenticate", "Bearer")],
    };

    private static async Task<IResult> HandleAsync(
        HttpContext http, PasswordSignIn signIn, TokenSignIn tokenSignIn, IdentitySettings settings, CancellationToken cancellation)
    {
        if (!(await ReadAsync(http, TodoSurface.ClientId, cancellation)).Is(out var attempt, out var problem))
        {
            return problem.ToResult();
        }

        switch (await signIn.AttemptAsync(attempt, cancellation))
        {
            case SignInStep.Refused refused:
                return refused.Problem.ToResult();
            case SignInStep.SecondFactor second:
                return SecondFactorRequired(second.ChallengeId).ToResult();
            case SignInStep.Complete done:
                var opening = await tokenSignIn.OpenAsync(http, done, TodoSurface.Tokens(settings), cancellation);
                return opening.Is(out var tokens, out problem) ? Reply.Ok(TodoTokens.Of(tokens), IdentityJson.Default.TodoTokens) : problem.ToResult();
            case var step:
                throw new InvalidOperationException($"There is no answer for {step.GetType().Name}.");
        }
    }

    private static async Task<IResult> RefreshAsync(HttpContext http, TokenSignIn tokenSignIn, IdentitySettings settings, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.RefreshBody, 4096, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var refreshing = await tokenSignIn.RefreshAsync(body.RefreshToken, TodoSurface.Tokens(settings), cancellation);
        return refreshing.Is(out var tokens, out problem) ? Reply.Ok(TodoTokens.Of(tokens), IdentityJson.Default.TodoTokens) : problem.ToResult();
    }
}
