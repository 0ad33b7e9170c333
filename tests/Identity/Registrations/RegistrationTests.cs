using System.Net;
using System.Text.Json.Nodes;
using Slipway.Sdk.Hosting;

namespace Slipway.Identity.Tests.Registrations;

public sealed class RegistrationTests(RegistrationTests.Patient shared) : IClassFixture<RegistrationTests.Patient>
{
    private const string Confirm = "Confirm your e-mail address";

    private readonly RunningIdentity _identity = shared.Identity;

    /// <summary>All tests come from one network and ask for many mails.</summary>
    public sealed class Patient(TestPostgres postgres) : TimedIdentity(postgres)
    {
        protected override (string Name, string Value)[] Settings => [("LIMIT_MAIL", "1000/60")];
    }

    [Fact]
    public async Task An_account_begins_when_its_address_has_answered()
    {
        var email = RunningIdentity.NewEmail();
        await BeginAsync(email);
        Assert.Equal("0", await AccountsAsync(email));
        using (var early = await _identity.LoginAsync(email))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, early.StatusCode);
        }

        var confirmed = await ConfirmAsync(RunningIdentity.TokenIn(await _identity.MailAsync(email, Confirm)), HttpStatusCode.OK);

        Assert.Equal(email, confirmed["email"]!.GetValue<string>());
        Assert.Equal("1", await AccountsAsync(email));
        var signedIn = await _identity.SignInAsync(email);
        Assert.True(Jwt.Read(signedIn["token"]!.GetValue<string>()).Claims["email_verified"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_link_works_once_and_for_a_day()
    {
        var (first, second) = (RunningIdentity.NewEmail(), RunningIdentity.NewEmail());
        await BeginAsync(first);
        await BeginAsync(second);
        var token = RunningIdentity.TokenIn(await _identity.MailAsync(first, Confirm));
        await ConfirmAsync(token, HttpStatusCode.OK);
        Assert.Equal("linkInvalid", (await ConfirmAsync(token, HttpStatusCode.Gone))["code"]!.GetValue<string>());

        var late = RunningIdentity.TokenIn(await _identity.MailAsync(second, Confirm));
        shared.Clock.Advance(TimeSpan.FromHours(25));
        await ConfirmAsync(late, HttpStatusCode.Gone);
        Assert.Equal("0", await AccountsAsync(second));
    }

    [Fact]
    public async Task Nobody_can_reserve_an_address_together_with_a_password_of_their_own()
    {
        var email = RunningIdentity.NewEmail("victim");
        await BeginAsync(email, "the attacker's password");
        await BeginAsync(email, "the owner's password");
        await Eventually.HoldsAsync("both mails are there", () => _identity.Mails(email).Count == 2);
        await ConfirmAsync(RunningIdentity.TokenIn(_identity.Mails(email)[1].Text), HttpStatusCode.OK);

        using var attacker = await _identity.LoginAsync(email, "the attacker's password");
        Assert.Equal(HttpStatusCode.Unauthorized, attacker.StatusCode);
        await _identity.SignInAsync(email, "the owner's password");
        await ConfirmAsync(RunningIdentity.TokenIn(_identity.Mails(email)[0].Text), HttpStatusCode.Gone);
    }

    [Fact]
    public async Task Whether_an_address_has_an_account_is_told_to_its_owner_only()
    {
        var (known, unknown) = (RunningIdentity.NewEmail(), RunningIdentity.NewEmail());
        await _identity.RegisterAsync(known);
        var answers = new List<string>();
        foreach (var email in new[] { known, unknown })
        {
            answers.Add((await BeginAsync(email)).ToJsonString());
            answers.Add((await PostAsync("/api/v1/registrations/resend", new JsonObject { ["email"] = email })).ToJsonString());
        }

        Assert.Single(answers.Distinct());
        await _identity.MailAsync(known, "You already have an account");
        await _identity.MailAsync(unknown, Confirm);
    }

    [Fact]
    public async Task A_password_reset_answers_alike_for_everybody()
    {
        var known = RunningIdentity.NewEmail();
        await _identity.RegisterAsync(known);
        var answers = new List<string>();
        foreach (var email in new[] { known, RunningIdentity.NewEmail("nobody") })
        {
            answers.Add((await PostAsync("/api/v1/password-resets", new JsonObject { ["email"] = email })).ToJsonString());
        }

        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task A_new_link_replaces_the_one_that_was_lost()
    {
        var email = RunningIdentity.NewEmail();
        await BeginAsync(email);
        await _identity.MailAsync(email, Confirm);
        await PostAsync("/api/v1/registrations/resend", new JsonObject { ["email"] = email });
        await Eventually.HoldsAsync("the second mail is there", () => _identity.Mails(email).Count == 2);

        await ConfirmAsync(RunningIdentity.TokenIn(_identity.Mails(email)[0].Text), HttpStatusCode.Gone);
        await ConfirmAsync(RunningIdentity.TokenIn(_identity.Mails(email)[1].Text), HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_account_of_the_documented_surfaces_confirms_its_address_later()
    {
        var email = RunningIdentity.NewEmail();
        var registered = await _identity.RegisterAsync(email);
        Assert.False(Jwt.Read(registered["token"]!.GetValue<string>()).Claims["email_verified"]!.GetValue<bool>());

        await ConfirmAsync(RunningIdentity.TokenIn(await _identity.MailAsync(email, Confirm)), HttpStatusCode.OK);

        Assert.Equal("True", await _identity.Database.TextAsync($"select email_verified_at is not null from users where email = '{email}'"));
    }

    [Fact]
    public async Task An_address_gets_five_mails_of_a_kind_within_an_hour()
    {
        var email = RunningIdentity.NewEmail();
        for (var number = 0; number < 8; number++)
        {
            await BeginAsync(email);
        }

        Assert.Equal("5", await _identity.Database.TextAsync($"select count(*) from outgoing_mail where to_address = '{email}'"));
        shared.Clock.Advance(TimeSpan.FromMinutes(61));
        await BeginAsync(email);
        Assert.Equal("6", await _identity.Database.TextAsync($"select count(*) from outgoing_mail where to_address = '{email}'"));
    }

    [Fact]
    public async Task Mail_is_written_in_the_language_of_the_person()
    {
        var email = RunningIdentity.NewEmail();
        await BeginAsync(email, locale: "de-AT");
        var mail = await _identity.MailAsync(email, "Bestätigen Sie Ihre E-Mail-Adresse");
        Assert.Contains("http://identity.localhost:8080/verify?token=", mail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_consent_nothing_is_kept()
    {
        var email = RunningIdentity.NewEmail();
        var body = RunningIdentity.Credentials(email);
        body["gdprConsent"] = false;
        var problem = await _identity.JsonAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/v1/registrations", body);
        Assert.Equal("consentRequired", problem["code"]!.GetValue<string>());
        Assert.Equal("0", await _identity.Database.TextAsync($"select count(*) from registrations where email = '{email}'"));
    }

    [Theory]
    [InlineData("password", "wellKnown")]
    [InlineData("aaaaaaaaaaaa", "wellKnown")]
    [InlineData("short", "tooShort")]
    [InlineData("", "required")]
    public async Task Weak_passwords_are_refused_with_a_reason(string password, string code)
    {
        var body = RunningIdentity.Credentials(RunningIdentity.NewEmail(), password);
        body["gdprConsent"] = true;
        var problem = await _identity.JsonAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "/api/v1/registrations", body);
        Assert.Equal(code, problem["errors"]![0]!["code"]!.GetValue<string>());
    }

    private async Task<JsonObject> BeginAsync(string email, string password = RunningIdentity.Password, string locale = "en")
    {
        var body = RunningIdentity.Credentials(email, password);
        body["gdprConsent"] = true;
        body["locale"] = locale;
        return await PostAsync("/api/v1/registrations", body);
    }

    private Task<JsonObject> PostAsync(string path, JsonObject body) => _identity.JsonAsync(HttpStatusCode.Accepted, HttpMethod.Post, path, body);

    private Task<JsonObject> ConfirmAsync(string token, HttpStatusCode expected) =>
        _identity.JsonAsync(expected, HttpMethod.Post, "/api/v1/registrations/confirm", new JsonObject { ["token"] = token });

    private Task<string> AccountsAsync(string email) => _identity.Database.TextAsync($"select count(*) from users where email = '{email}'");
}
