using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Registrations;

internal sealed record RegistrationBody
{
    public string? Email { get; set; }

    public string? Password { get; set; }

    public string? FirstName { get; set; }

    public string? LastName { get; set; }

    public bool? GdprConsent { get; set; }

    public bool? MarketingConsent { get; set; }

    public string? Locale { get; set; }
}

internal sealed record TokenBody
{
    public string? Token { get; set; }
}

internal sealed record EmailBody
{
    public string? Email { get; set; }
}

internal sealed record StateReply(string State);

internal sealed record ConfirmedReply(string State, string Email);

/// <summary><c>/api/v1/registrations</c>: sign-up with an address that has to answer.</summary>
internal static class RegistrationEndpoints
{
    public static readonly Problem ConsentRequired = new(
        400, "consentRequired", "Your consent is needed", "An account can only be opened with gdprConsent: true.");

    public static void Map(WebApplication app)
    {
        var registrations = app.MapGroup("/api/v1/registrations").OpenToAll("people without an account call it").TakesNoParameters();
        registrations.MapPost("/", BeginAsync).WithName("beginRegistration")
            .Example("""{"email":"ada@example.org","password":"seven quiet lighthouses","gdprConsent":true,"locale":"en"}""").Refuses("consentRequired", "passwordChecksBusy")
            .Accepts<RegistrationBody>("application/json").Produces<StateReply>(202)
            .Limited(IdentityService.MailLimit);
        registrations.MapPost("/confirm", ConfirmAsync).WithName("confirmRegistration").Refuses("linkInvalid", "emailTaken").Accepts<TokenBody>("application/json").Produces<ConfirmedReply>(200).ProducesProblem(410);
        registrations.MapPost("/resend", ResendAsync).WithName("resendConfirmation").Example("""{"email":"ada@example.org"}""").Accepts<EmailBody>("application/json").Produces<StateReply>(202)
            .Limited(IdentityService.MailLimit);
    }

    private static async Task<IResult> BeginAsync(
        HttpContext http, PendingRegistrations registrations, IdentitySettings settings, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.RegistrationBody, 16_384, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
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
            Locale = SignUpForm.Locale(findings, body.Locale, "en"),
            GdprConsent = true,
            MarketingConsent = body.MarketingConsent ?? false,
            ConsentVersion = settings.TermsVersion,
        };
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        if (body.GdprConsent is not true)
        {
            return ConsentRequired.ToResult();
        }

        return await registrations.BeginAsync(signUp, cancellation) is { } busy
            ? busy.ToResult()
            : Reply.Accepted("/verify", new StateReply("confirmationSent"), IdentityJson.Default.StateReply);
    }

    private static async Task<IResult> ConfirmAsync(HttpContext http, PendingRegistrations registrations, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.TokenBody, 4096, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var confirming = await registrations.ConfirmAsync(http, body.Token, cancellation);
        return confirming.Is(out var account, out problem)
            ? Reply.Ok(new ConfirmedReply("confirmed", account.EmailTyped), IdentityJson.Default.ConfirmedReply)
            : problem.ToResult();
    }

    private static async Task<IResult> ResendAsync(HttpContext http, PendingRegistrations registrations, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.EmailBody, 4096, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var email = SignUpForm.Email(findings, body.Email);
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        await registrations.ResendAsync(email, cancellation);
        return Reply.Accepted("/verify", new StateReply("confirmationSent"), IdentityJson.Default.StateReply);
    }
}
