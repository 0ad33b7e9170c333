using System.Net;
using System.Text.Json.Nodes;

namespace Slipway.Identity.Tests.Passwords;

public sealed class PasswordChangeTests(TimedIdentity shared) : IClassFixture<TimedIdentity>
{
    private const string New = "a quite different one";

    private readonly RunningIdentity _identity = shared.Identity;

    [Fact]
    public async Task A_changed_password_ends_every_other_sign_in_and_the_old_one_is_worth_nothing_in_any_instance()
    {
        var email = RunningIdentity.NewEmail();
        var here = await _identity.RegisterAsync(email);
        var there = await _identity.SignInAsync(email);
        await using var other = await _identity.AnotherAsync(shared.Clock);
        await other.SignInAsync(email);
        await other.SignInAsync(email);

        await ChangeAsync(here, RunningIdentity.Password, New, HttpStatusCode.NoContent);

        foreach (var instance in new[] { _identity, other })
        {
            using var old = await instance.LoginAsync(email);
            Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
            await instance.SignInAsync(email, New);
        }

        using var mine = await _identity.SendAsync(HttpMethod.Get, "/auth/me", bearer: Token(here));
        Assert.Equal(HttpStatusCode.OK, mine.StatusCode);
        using var ended = await _identity.SendAsync(HttpMethod.Get, "/auth/me", bearer: Token(there));
        Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
        await _identity.JsonAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "/auth/refresh", new JsonObject { ["refreshToken"] = there["refreshToken"]!.GetValue<string>() });
        Assert.Contains("was changed just now", await _identity.MailAsync(email, "Your password was changed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_old_password_is_asked_for_and_guessing_it_counts_as_failed_sign_ins()
    {
        var email = RunningIdentity.NewEmail();
        var signedIn = await _identity.RegisterAsync(email);
        for (var number = 0; number < 5; number++)
        {
            var problem = await ChangeAsync(signedIn, "a guess", New, HttpStatusCode.UnprocessableEntity);
            Assert.Equal("wrongPassword", problem["errors"]![0]!["code"]!.GetValue<string>());
        }

        using var locked = await _identity.LoginAsync(email);
        Assert.Equal(HttpStatusCode.Unauthorized, locked.StatusCode);
        for (var number = 0; number < 4; number++)
        {
            await ChangeAsync(signedIn, "a guess", New, HttpStatusCode.UnprocessableEntity);
        }

        await ChangeAsync(signedIn, "a guess", New, HttpStatusCode.TooManyRequests);
        shared.Clock.Advance(TimeSpan.FromMinutes(16));
    }

    [Fact]
    public async Task A_reset_by_mail_lets_the_owner_in_again_and_everybody_else_out()
    {
        var email = RunningIdentity.NewEmail();
        var signedIn = await _identity.RegisterAsync(email);
        for (var number = 0; number < 6; number++)
        {
            using var wrong = await _identity.LoginAsync(email, "forgotten");
        }

        await _identity.JsonAsync(HttpStatusCode.Accepted, HttpMethod.Post, "/api/v1/password-resets", new JsonObject { ["email"] = email });
        var token = RunningIdentity.TokenIn(await _identity.MailAsync(email, "Reset your password"));
        await ResetAsync(token, New, HttpStatusCode.NoContent);

        await _identity.SignInAsync(email, New);
        using var before = await _identity.SendAsync(HttpMethod.Get, "/auth/me", bearer: Token(signedIn));
        Assert.Equal(HttpStatusCode.Unauthorized, before.StatusCode);
        await ResetAsync(token, "yet another one", HttpStatusCode.Gone);
    }

    [Fact]
    public async Task A_reset_link_is_over_after_an_hour_and_each_used_one_ends_the_others()
    {
        var email = RunningIdentity.NewEmail();
        await _identity.RegisterAsync(email);
        for (var number = 0; number < 2; number++)
        {
            await _identity.JsonAsync(HttpStatusCode.Accepted, HttpMethod.Post, "/api/v1/password-resets", new JsonObject { ["email"] = email });
        }

        await Eventually.HoldsAsync("both links are there", () => Links(email).Count == 2);
        await ResetAsync(Links(email)[0], New, HttpStatusCode.NoContent);
        await ResetAsync(Links(email)[1], "yet another one", HttpStatusCode.Gone);

        await _identity.JsonAsync(HttpStatusCode.Accepted, HttpMethod.Post, "/api/v1/password-resets", new JsonObject { ["email"] = email });
        await Eventually.HoldsAsync("the third link is there", () => Links(email).Count == 3);
        shared.Clock.Advance(TimeSpan.FromMinutes(61));
        await ResetAsync(Links(email)[2], "yet another one", HttpStatusCode.Gone);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public Task A_made_up_link_resets_nothing(string? token) => ResetAsync(token, New, HttpStatusCode.Gone);

    [Fact]
    public async Task No_password_and_no_link_is_stored_as_it_is()
    {
        var email = RunningIdentity.NewEmail();
        await _identity.RegisterAsync(email, "findable-password-1");
        await _identity.MailAsync(email, "Confirm your e-mail address");
        await Eventually.HoldsAsync(
            "the mail's body is gone after delivery",
            async () => await _identity.Database.TextAsync($"select count(*) from outgoing_mail where to_address = '{email}' and text_body = '' and html_body = '' and sent_at is not null") == "1");
        Assert.Equal("0", await _identity.Database.TextAsync("select count(*) from users where users::text like '%findable-password%'"));
    }

    private static string Token(JsonObject signedIn) => signedIn["token"]!.GetValue<string>();

    private List<string> Links(string email) =>
        [.. _identity.Mails(email).Where(mail => mail.Subject == "Reset your password").Select(mail => RunningIdentity.TokenIn(mail.Text))];

    private Task<JsonObject> ChangeAsync(JsonObject signedIn, string current, string wanted, HttpStatusCode expected) => _identity.JsonAsync(
        expected, HttpMethod.Put, "/auth/password", new JsonObject { ["currentPassword"] = current, ["newPassword"] = wanted }, Token(signedIn));

    private Task<JsonObject> ResetAsync(string? token, string wanted, HttpStatusCode expected) => _identity.JsonAsync(
        expected, HttpMethod.Post, "/api/v1/password-resets/confirm", new JsonObject { ["token"] = token, ["newPassword"] = wanted });
}
