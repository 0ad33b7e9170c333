using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Identity.Privacy;

namespace Slipway.Identity.Tests.Privacy;

public sealed class ErasureTests(IdentityWorld world) : IClassFixture<IdentityWorld>
{
    private const string Path = "/api/v1/account/erasure";

    private readonly RunningIdentity _identity = world.Identity;

    private IServiceProvider Services => _identity.Service.Services;

    private static JsonObject Password(string password = RunningIdentity.Password) => new() { ["password"] = password };

    private async Task<(Person Person, JsonObject Answer)> ErasedAsync(string name = "grace")
    {
        var person = await Person.SignedInAsync(_identity, world.Time, name);
        return (person, await person.JsonAsync(HttpStatusCode.Accepted, HttpMethod.Post, Path, Password()));
    }

    private Task<HttpResponseMessage> WithdrawAsync(JsonObject proof) => _identity.SendAsync(HttpMethod.Delete, Path, proof);

    [Fact]
    public async Task Asking_for_erasure_closes_the_account_at_once()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var key = (await person.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, "/api/v1/account/api-keys", new JsonObject { ["name"] = "k", ["scopes"] = new JsonArray("todo.todos:read") }))["key"]!.GetValue<string>();
        var token = (await _identity.SignInAsync(person.Email))["token"]!.GetValue<string>();
        Assert.Equal("wrongPassword", await person.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, Path, Password("something else")));

        var answer = await person.JsonAsync(HttpStatusCode.Accepted, HttpMethod.Post, Path, Password());

        Assert.Equal(TimeSpan.FromDays(30), answer["dueAt"]!.GetValue<DateTimeOffset>() - answer["requestedAt"]!.GetValue<DateTimeOffset>());
        using var byCookie = await person.SendAsync(HttpMethod.Get, "/api/v1/account");
        Assert.Equal(HttpStatusCode.Unauthorized, byCookie.StatusCode);
        using var byToken = await _identity.SendAsync(HttpMethod.Get, "/auth/me", null, token);
        Assert.Equal(HttpStatusCode.Unauthorized, byToken.StatusCode);
        using var byKey = await _identity.SendAsync(HttpMethod.Post, "/api/v1/api-keys/check", new JsonObject { ["key"] = key });
        Assert.Equal(HttpStatusCode.Unauthorized, byKey.StatusCode);
        using var again = await _identity.LoginAsync(person.Email);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        Assert.Contains("http://identity.localhost:8080/keep", await _identity.MailAsync(person.Email, "Your account was closed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_taken_back_by_the_token_or_the_password_and_by_nothing_else()
    {
        var (person, answer) = await ErasedAsync();
        var token = answer["withdrawToken"]!.GetValue<string>();
        using var forged = await WithdrawAsync(new JsonObject { ["token"] = (token[0] == 'A' ? 'B' : 'A') + token[1..] });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, forged.StatusCode);
        using var wrong = await WithdrawAsync(new JsonObject { ["email"] = person.Email, ["password"] = "not the password" });
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using var stranger = await WithdrawAsync(new JsonObject { ["email"] = "nobody@example.org", ["password"] = RunningIdentity.Password });
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);

        using var taken = await WithdrawAsync(new JsonObject { ["token"] = token });
        Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
        Assert.Equal("signedIn", await person.SignInAsync());
        using var second = await WithdrawAsync(new JsonObject { ["token"] = token });
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);

        // The token of an earlier request does not take back a later one.
        world.Time.Leap(TimeSpan.FromSeconds(1));
        await person.JsonAsync(HttpStatusCode.Accepted, HttpMethod.Post, Path, Password());
        using var stale = await WithdrawAsync(new JsonObject { ["token"] = token });
        Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
        using var byPassword = await WithdrawAsync(new JsonObject { ["email"] = person.Email.ToUpperInvariant(), ["password"] = RunningIdentity.Password });
        Assert.Equal(HttpStatusCode.NoContent, byPassword.StatusCode);
        Assert.Equal("signedIn", await person.SignInAsync());
    }

    [Fact]
    public async Task After_thirty_days_nothing_of_the_person_is_left_but_a_number()
    {
        var person = await Person.SignedInAsync(_identity, world.Time, "marie.curie");
        await person.EnrolAsync();
        await person.SignInAsync();
        await person.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, "/api/v1/account/api-keys", new JsonObject { ["name"] = "key", ["scopes"] = new JsonArray("todo.todos:read") });
        await _identity.Database.ExecuteAsync($"update users set username = 'marie.curie', first_name = 'Marie', last_name = 'Curie' where id = '{person.Id}'");
        await person.JsonAsync(HttpStatusCode.Accepted, HttpMethod.Post, Path, Password());

        world.Time.Leap(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        Assert.Equal(0, await PrivacyCommands.PurgeAsync(Services, CancellationToken.None));
        Assert.Equal(person.Email, await _identity.Database.TextAsync($"select email from users where id = '{person.Id}'"));

        world.Time.Leap(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await PrivacyCommands.PurgeAsync(Services, CancellationToken.None));
        Assert.Equal(0, await PrivacyCommands.PurgeAsync(Services, CancellationToken.None));

        Assert.Equal(0, await TracesAsync("marie"));
        Assert.Equal(0, await TracesAsync("curie"));
        foreach (var table in PersonalTables.All.Where(table => table.Treatment == Treatment.Deleted && table.Name is not ("registrations" or "outgoing_mail" or "refresh_tokens" or "recovery_codes")))
        {
            Assert.Equal("0", await _identity.Database.TextAsync($"select count(*) from {table.Name} where user_id = '{person.Id}'"));
        }

        // The trail goes on to say what happened, to a number.
        Assert.Equal("1", await _identity.Database.TextAsync($"select count(*) from slipway.audit_entries where target_id = '{person.Id}' and action = 'account.anonymised'"));
        using var withdrawn = await WithdrawAsync(new JsonObject { ["email"] = person.Email, ["password"] = RunningIdentity.Password });
        Assert.Equal(HttpStatusCode.Unauthorized, withdrawn.StatusCode);

        // The address is free again.
        await _identity.RegisterAsync(person.Email);
    }

    [Fact]
    public async Task The_nightly_job_is_the_program_with_the_word_purge()
    {
        var (person, _) = await ErasedAsync("nightly");
        world.Time.Leap(TimeSpan.FromDays(30));
        var job = IdentityService.Create(["purge"], options =>
        {
            options.Environment = name => _identity.Environment.GetValueOrDefault(name);
            options.Time = world.Time;
        });

        Assert.Equal(0, await job.RunAsync(IdentityService.Map));
        Assert.Equal("True", await _identity.Database.TextAsync($"select email like 'erased-%' from users where id = '{person.Id}'"));
    }

    [Fact]
    public async Task The_list_of_deletions_is_carried_out_again_after_a_restore()
    {
        var (done, _) = await ErasedAsync("done");
        world.Time.Leap(TimeSpan.FromDays(30));
        await PrivacyCommands.PurgeAsync(Services, CancellationToken.None);
        var (waiting, _) = await ErasedAsync("waiting");
        var list = new StringWriter();
        Assert.Equal(0, await PrivacyCommands.ListAsync(Services, list, CancellationToken.None));

        // A backup from before either request comes back.
        await _identity.Database.ExecuteAsync(
            $"delete from erasures; update users set email = 'done.again@example.org', email_typed = 'done.again@example.org', is_active = true where id = '{done.Id}'; update users set is_active = true where id = '{waiting.Id}'");
        var errors = new StringWriter();
        Assert.Equal(0, await PrivacyCommands.ReplayAsync(Services, new StringReader(list.ToString()), errors, CancellationToken.None));

        Assert.Equal(0, await TracesAsync("done.again"));
        Assert.Equal("False", await _identity.Database.TextAsync($"select is_active from users where id = '{waiting.Id}'"));
        Assert.Equal(waiting.Email, await _identity.Database.TextAsync($"select email from users where id = '{waiting.Id}'"));

        var before = list.ToString();
        list = new StringWriter(new StringBuilder());
        await PrivacyCommands.ListAsync(Services, list, CancellationToken.None);
        Assert.Equal(before.Split('\n').Length, list.ToString().Split('\n').Length);
        Assert.Equal(65, await PrivacyCommands.ReplayAsync(Services, new StringReader("not an entry"), errors, CancellationToken.None));
        Assert.Contains("line 1", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_shop_surface_erases_with_a_fresh_sign_in_or_the_password()
    {
        var person = await Person.RegisterAsync(_identity, world.Time);
        var login = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/users/login", RunningIdentity.Credentials(person.Email));
        world.Time.Leap(TimeSpan.FromMinutes(6));
        var token = login["token"]!.GetValue<string>();
        var stale = await _identity.JsonAsync(HttpStatusCode.Forbidden, HttpMethod.Delete, "/api/v1/users/profile", null, token);
        Assert.Equal("stepUpRequired", stale["code"]!.GetValue<string>());

        await _identity.JsonAsync(HttpStatusCode.Accepted, HttpMethod.Delete, "/api/v1/users/profile", Password(), token);
        using var gone = await _identity.SendAsync(HttpMethod.Get, "/api/v1/users/profile", null, token);
        Assert.Equal(HttpStatusCode.Unauthorized, gone.StatusCode);
    }

    /// <summary>How many rows anywhere, in our tables or the kit's, still hold a text.</summary>
    private async Task<int> TracesAsync(string text)
    {
        var tables = await _identity.Database.TextAsync(
            "select string_agg(quote_ident(table_schema) || '.' || quote_ident(table_name), ',') from information_schema.tables where table_schema in ('public', 'slipway') and table_type = 'BASE TABLE'");
        var traces = 0;
        foreach (var table in tables.Split(','))
        {
            traces += int.Parse(await _identity.Database.TextAsync($"select count(*) from {table} as t where lower(t::text) like '%{text}%'"), null);
        }

        return traces;
    }
}
