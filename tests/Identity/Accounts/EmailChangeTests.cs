using System.Net;
using System.Text.Json.Nodes;

namespace Slipway.Identity.Tests.Accounts;

public sealed class EmailChangeTests(SharedIdentity shared) : IClassFixture<SharedIdentity>
{
    private const string NewSubject = "Confirm your new e-mail address";

    private readonly RunningIdentity _identity = shared.Identity;

    [Fact]
    public async Task A_new_address_counts_once_it_has_answered_and_the_old_one_hears_of_it_twice()
    {
        var person = await Person.SignedInAsync(_identity);
        var elsewhere = (await _identity.SignInAsync(person.Email))["token"]!.GetValue<string>();
        var email = RunningIdentity.NewEmail("grace");

        await AskAsync(person, email);

        await _identity.MailAsync(person.Email, "Your account is about to get another e-mail address");
        var state = await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/account/email");
        Assert.Equal((person.Email, email), (state["email"]!.GetValue<string>(), state["pending"]!["email"]!.GetValue<string>()));
        await _identity.SignInAsync(person.Email);

        var link = RunningIdentity.TokenIn(await _identity.MailAsync(email, NewSubject));
        var changed = await ConfirmAsync(HttpStatusCode.OK, link);

        Assert.Equal(email, changed["email"]!.GetValue<string>());
        await _identity.MailAsync(person.Email, "Your account has another e-mail address now");
        await _identity.SignInAsync(email);
        using var old = await _identity.LoginAsync(person.Email);
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);

        await _identity.JsonAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "/auth/me", bearer: elsewhere);
        var now = await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/account/email");
        Assert.True(now["emailVerified"]!.GetValue<bool>());
        Assert.Null(now["pending"]);
        await ConfirmAsync(HttpStatusCode.Gone, link);
    }

    [Fact]
    public async Task Without_the_password_nothing_begins()
    {
        var person = await Person.SignedInAsync(_identity);
        var email = RunningIdentity.NewEmail();

        var problem = await person.JsonAsync(
            HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "/api/v1/account/email", RunningIdentity.Credentials(email, "a wrong password"));

        Assert.Equal("wrongPassword", problem["code"]!.GetValue<string>());
        Assert.Equal("0", await _identity.Database.TextAsync($"select count(*) from email_changes where user_id = '{person.Id}'"));
    }

    [Fact]
    public async Task An_address_of_somebody_else_looks_free_and_its_owner_is_told()
    {
        var (person, other) = (await Person.SignedInAsync(_identity), await Person.RegisterAsync(_identity, name: "grace"));

        await AskAsync(person, other.Email.ToUpperInvariant());

        await _identity.MailAsync(other.Email.ToUpperInvariant(), "You already have an account");
        Assert.Equal("0", await _identity.Database.TextAsync($"select count(*) from email_changes where user_id = '{person.Id}'"));
    }

    [Fact]
    public async Task An_address_taken_meanwhile_stays_with_who_took_it()
    {
        var person = await Person.SignedInAsync(_identity);
        var email = RunningIdentity.NewEmail("grace");
        await AskAsync(person, email);
        var link = RunningIdentity.TokenIn(await _identity.MailAsync(email, NewSubject));
        await _identity.RegisterAsync(email);

        var problem = await ConfirmAsync(HttpStatusCode.Conflict, link);

        Assert.Equal("emailTaken", problem["code"]!.GetValue<string>());
        await _identity.SignInAsync(person.Email);
    }

    [Fact]
    public async Task A_wish_that_is_taken_back_or_replaced_leaves_a_link_that_does_nothing()
    {
        var person = await Person.SignedInAsync(_identity);
        var (first, second) = (RunningIdentity.NewEmail("first"), RunningIdentity.NewEmail("second"));
        await AskAsync(person, first);
        await AskAsync(person, second);
        await ConfirmAsync(HttpStatusCode.Gone, RunningIdentity.TokenIn(await _identity.MailAsync(first, NewSubject)));

        await person.JsonAsync(HttpStatusCode.NoContent, HttpMethod.Delete, "/api/v1/account/email");

        await ConfirmAsync(HttpStatusCode.Gone, RunningIdentity.TokenIn(await _identity.MailAsync(second, NewSubject)));
    }

    [Fact]
    public async Task A_link_to_a_new_password_in_the_old_inbox_dies_with_the_change()
    {
        var person = await Person.SignedInAsync(_identity);
        await _identity.JsonAsync(HttpStatusCode.Accepted, HttpMethod.Post, "/api/v1/password-resets", new JsonObject { ["email"] = person.Email });
        var reset = RunningIdentity.TokenIn(await _identity.MailAsync(person.Email, "Reset your password"));
        var email = RunningIdentity.NewEmail("grace");
        await AskAsync(person, email);
        await ConfirmAsync(HttpStatusCode.OK, RunningIdentity.TokenIn(await _identity.MailAsync(email, NewSubject)));

        await _identity.JsonAsync(
            HttpStatusCode.Gone, HttpMethod.Post, "/api/v1/password-resets/confirm", new JsonObject { ["token"] = reset, ["newPassword"] = "another horse battery" });
    }

    [Fact]
    public async Task The_address_one_has_is_no_new_one()
    {
        var person = await Person.SignedInAsync(_identity);

        var problem = await person.JsonAsync(HttpStatusCode.Conflict, HttpMethod.Post, "/api/v1/account/email", RunningIdentity.Credentials(person.Email.ToUpperInvariant()));

        Assert.Equal("sameEmail", problem["code"]!.GetValue<string>());
    }

    private static Task<JsonObject> AskAsync(Person person, string email) =>
        person.JsonAsync(HttpStatusCode.Accepted, HttpMethod.Post, "/api/v1/account/email", RunningIdentity.Credentials(email));

    private Task<JsonObject> ConfirmAsync(HttpStatusCode expected, string token) =>
        _identity.JsonAsync(expected, HttpMethod.Post, "/api/v1/email-changes/confirm", new JsonObject { ["token"] = token });
}
