using Slipway.Identity.Sessions;
using Slipway.Identity.SignIns;
using Slipway.Identity.Todo;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Retail;

/// <summary><c>POST /api/v1/users/login</c>, <c>/refresh</c> and <c>/logout</c></summary>
internal static class RetailLogin
{
    public static void Map(RouteGroupBuilder users)
    {
        users.MapPost("/login", HandleAsync).Example("""{"email":"ada@example.org","password":"seven quiet lighthouses"}""").Refuses("badCredentials", "twoFactorRequired", "tooManyAttempts")
            .Accepts<LoginBody>("application/json").Produces<RetailTokens>(200)
            .OpenToAll("it is how people sign in");
        users.MapPost("/refresh", RefreshAsync).Refuses("refreshTokenInvalid").Accepts<RefreshBody>("application/json").Produces<RetailTokens>(200)
            .OpenToAll("the refresh token proves who calls");
        users.MapPost("/logout", Me.LogoutAsync).Produces(204).RequiresAccount(IdentityScopes.Enrol);
    }

    private static async Task<IResult> HandleAsync(
        HttpContext http, PasswordSignIn signIn, TokenSignIn tokenSignIn, AuthWindow window, CancellationToken cancellation)
    {
        if (!(await Login.ReadAsync(http, RetailSurface.ClientId, cancellation)).Is(out var attempt, out var problem))
        {
            return problem.ToResult();
        }

        if (await window.EnterAsync(http, attempt.Email, cancellation) is { } tooMany)
        {
            return tooMany.ToResult();
        }

        switch (await signIn.AttemptAsync(attempt, cancellation))
        {
            case SignInStep.Refused refused:
                return refused.Problem.ToResult();
            case SignInStep.SecondFactor second:
                return Login.SecondFactorRequired(second.ChallengeId).ToResult();
            case SignInStep.Complete done:
                if (done.Methods.Contains(TwoFactor.SecondFactors.Method))
                {
                    await window.ForgetAsync(http, attempt.Email, cancellation);
                }

                var opening = await tokenSignIn.OpenAsync(http, done, RetailSurface.Tokens, cancellation);
                return opening.Is(out var tokens, out problem) ? Reply.Ok(RetailTokens.Of(tokens), IdentityJson.Default.RetailTokens) : problem.ToResult();
            case var step:
                throw new InvalidOperationException($"There is no answer for {step.GetType().Name}.");
        }
    }

    private static async Task<IResult> RefreshAsync(HttpContext http, TokenSignIn tokenSignIn, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.RefreshBody, 4096, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var refreshing = await tokenSignIn.RefreshAsync(body.RefreshToken, RetailSurface.Tokens, cancellation);
        return refreshing.Is(out var tokens, out problem) ? Reply.Ok(RetailTokens.Of(tokens), IdentityJson.Default.RetailTokens) : problem.ToResult();
    }
}
