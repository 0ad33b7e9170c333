using Slipway.Identity.Registrations;
using Slipway.Identity.SignIns;
using Slipway.Identity.Tokens;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Todo;

internal sealed record TodoRegisterBody
{
    public string? Email { get; set; }

    public string? Username { get; set; }

    public string? Password { get; set; }

    public string? FirstName { get; set; }

    public string? LastName { get; set; }

    /// <summary>Absent or false: nobody is known to have agreed to anything, and the account says so until its owner decides.</summary>
    public bool? GdprConsent { get; set; }

    public bool? MarketingConsent { get; set; }
}

/// <summary><c>POST /auth/register</c></summary>
internal static class Register
{
    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/register", HandleAsync)
        .WithName("registerForTodo").Example("""{"email":"ada@example.org","username":"ada","password":"seven quiet lighthouses","firstName":"Ada","lastName":"King","gdprConsent":true}""")
        .Refuses("emailTaken", "usernameTaken", "passwordChecksBusy", "signingKeysUnavailable").Accepts<TodoRegisterBody>("application/json").Produces<TodoTokens>(201).ProducesProblem(409)
        .OpenToAll("people without an account call it").Limited(IdentityService.RegisterLimit);

    private static async Task<IResult> HandleAsync(
        HttpContext http, AccountCreation creation, TokenSignIn signIn, KeyRing keys, IdentitySettings settings, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.TodoRegisterBody, 16_384, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var email = SignUpForm.Email(findings, body.Email);
        Passwords.PasswordRules.Judge(findings, "/password", body.Password, email);
        var signUp = new SignUp
        {
            Email = email,
            Username = SignUpForm.Username(findings, body.Username),
            Password = body.Password ?? "",
            FirstName = SignUpForm.FirstName(findings, body.FirstName),
            LastName = SignUpForm.LastName(findings, body.LastName),
            GdprConsent = body.GdprConsent is true,
            MarketingConsent = body.MarketingConsent is true,
            ConsentVersion = body.GdprConsent is true ? settings.TermsVersion : null,
        };
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        // Without a key the answer could not carry its token; better no account then than one whose answer says it failed.
        await keys.SignerAsync(cancellation);
        if (!(await creation.CreateAsync(http, signUp, cancellation)).Is(out var account, out problem))
        {
            return problem.ToResult();
        }

        var opening = await signIn.OpenAsync(
            http, new SignInStep.Complete(account, [Methods.Password], MustEnrol: false), TodoSurface.Tokens(settings), cancellation);
        return opening.Is(out var tokens, out problem)
            ? Reply.Created($"/auth/users/{account.Id}", TodoTokens.Of(tokens), IdentityJson.Default.TodoTokens)
            : problem.ToResult();
    }
}
