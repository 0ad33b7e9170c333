using Slipway.Identity.Passwords;
using Slipway.Identity.Registrations;
using Slipway.Identity.SignIns;
using Slipway.Identity.Tokens;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Retail;

internal sealed record RetailRegisterBody
{
    public string? Email { get; set; }

    public string? Password { get; set; }

    public string? FirstName { get; set; }

    public string? LastName { get; set; }

    public bool? GdprConsent { get; set; }

    public bool? MarketingConsent { get; set; }

    public string? ConsentVersion { get; set; }
}

/// <summary><c>POST /api/v1/users/register</c></summary>
internal static class RetailRegister
{
    public static void Map(RouteGroupBuilder users) => users.MapPost("/register", HandleAsync)
        .Example("""{"email":"ada@example.org","password":"seven quiet lighthouses","firstName":"Ada","lastName":"King","gdprConsent":true}""")
        .Refuses("consentRequired", "emailTaken", "tooManyAttempts")
        .Accepts<RetailRegisterBody>("application/json").Produces<RetailTokens>(201).ProducesProblem(409)
        .OpenToAll("people without an account call it").Limited(IdentityService.RegisterLimit);

    private static async Task<IResult> HandleAsync(
        HttpContext http, AccountCreation creation, TokenSignIn signIn, KeyRing keys, AuthWindow window, HashCosts costs, IdentitySettings settings, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.RetailRegisterBody, 16_384, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        if (body.GdprConsent is not true)
        {
            return RegistrationEndpoints.ConsentRequired.ToResult();
        }

        var findings = new Findings();
        var email = SignUpForm.Email(findings, body.Email);
        Passwords.PasswordRules.Judge(findings, "/password", body.Password, email);
        var signUp = new SignUp
        {
            Email = email,
            Password = body.Password ?? "",
            FirstName = SignUpForm.FirstName(findings, body.FirstName),
            LastName = SignUpForm.LastName(findings, body.LastName),
            GdprConsent = true,
            MarketingConsent = body.MarketingConsent ?? false,
            ConsentVersion = findings.OptionalText("/consentVersion", body.ConsentVersion, 50) ?? settings.TermsVersion,
            HashCostMin = costs.For(RetailSurface.ClientId),
        };
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        if (await window.EnterAsync(http, email, cancellation) is { } tooMany)
        {
            return tooMany.ToResult();
        }

        // Without a key the answer could not carry its token; better no account then than one whose answer says it failed.
        await keys.SignerAsync(cancellation);
        if (!(await creation.CreateAsync(http, signUp, cancellation)).Is(out var account, out problem))
        {
            return problem.ToResult();
        }

        var opening = await signIn.OpenAsync(
            http, new SignInStep.Complete(account, [Methods.Password], MustEnrol: false), RetailSurface.Tokens, cancellation);
        return opening.Is(out var tokens, out problem)
            ? Reply.Created("/api/v1/users/profile", RetailTokens.Of(tokens), IdentityJson.Default.RetailTokens)
            : problem.ToResult();
    }
}
