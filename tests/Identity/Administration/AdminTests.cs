using System.Net;
using System.Text.Json.Nodes;
using Slipway.Identity.Administration;
using Slipway.Sdk.Hosting;

namespace Slipway.Identity.Tests.Administration;

public sealed class AdminTests(IdentityWorld world) : IClassFixture<IdentityWorld>
{
    private readonly RunningIdentity _identity = world.Identity;

    private Task<Person> AdminAsync()
    {
        world.Time.Leap(TimeSpan.FromMinutes(2));
        return Person.AdminAsync(_identity, world.Time);
    }

    private static (string, string) Match(JsonObject user) => ("If-Match", $"\"{user["version"]!.GetValue<long>()}\"");

    [Fact]
    public async Task Nobody_but_an_administrator_sees_other_accounts()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        foreach (var path in new[] { "/api/v1/admin/users", "/api/v1/admin/audit", "/api/v1/admin/clients", "/api/v1/users", "/auth/users", $"/api/v1/admin/users/{person.Id}" })
        {
            Assert.Equal("forbidden", await person.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Get, path));
            using var anonymous = await _identity.SendAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        }
    }

    [Fact]
    public async Task Accounts_are_listed_page_by_page_and_found_by_part_of_a_name()
    {
        var admin = await AdminAsync();
        var people = new List<string>();
        for (var at = 0; at < 5; at++)
        {
            people.Add((await Person.RegisterAsync(_identity, world.Time, "findable_")).Email);
        }

        var found = new List<string>();
        string? cursor = null;
        do
        {
            var page = await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/admin/users?q=FINDABLE_&limit=2" + (cursor is null ? "" : $"&cursor={cursor}"));
            found.AddRange(page["items"]!.AsArray().Select(user => user!["email"]!.GetValue<string>()));
            cursor = page["page"]!["next"]?.GetValue<string>();
        }
        while (cursor is not null);

        Assert.Equal(people.AsEnumerable().Reverse(), found);
        Assert.Equal("invalid", await admin.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Get, "/api/v1/admin/users?role=king"));
        Assert.Equal("invalid", await admin.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Get, "/api/v1/admin/users?colour=red"));
        Assert.Empty((await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/admin/users?q=findable%25"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Blocking_ends_every_session_at_once_and_unblocking_lets_in_again()
    {
        var admin = await AdminAsync();
        var person = await Person.SignedInAsync(_identity, world.Time);
        var path = $"/api/v1/admin/users/{person.Id}";
        var user = await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, path);
        Assert.Equal("versionRequired", await admin.RefusedAsync(HttpStatusCode.PreconditionRequired, HttpMethod.Patch, path, new JsonObject { ["active"] = false }));
        Assert.Equal("versionMismatch", await admin.RefusedAsync(HttpStatusCode.PreconditionFailed, HttpMethod.Patch, path, new JsonObject { ["active"] = false }, ("If-Match", "\"999\"")));

        var blocked = await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Patch, path, new JsonObject { ["active"] = false }, Match(user));
        Assert.False(blocked["active"]!.GetValue<bool>());
        using var ended = await person.SendAsync(HttpMethod.Get, "/api/v1/account");
        Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
        using var refused = await _identity.LoginAsync(person.Email);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Patch, path, new JsonObject { ["active"] = true }, Match(blocked));
        Assert.Equal("signedIn", await person.SignInAsync());
    }

    [Fact]
    public async Task A_lost_second_factor_is_reset_by_an_administrator()
    {
        var admin = await AdminAsync();
        var person = await Person.SignedInAsync(_identity, world.Time);
        await person.EnrolAsync();
        var path = $"/api/v1/admin/users/{person.Id}";
        var user = await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, path);
        Assert.True(user["twoFactorEnabled"]!.GetValue<bool>());

        var reset = await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Patch, path, new JsonObject { ["resetTwoFactor"] = true }, Match(user));
        Assert.False(reset["twoFactorEnabled"]!.GetValue<bool>());
        Assert.Equal("signedIn", await person.SignInAsync());
        var own = await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, $"/api/v1/admin/users/{admin.Id}");
        Assert.Equal("notYourself", await admin.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Patch, $"/api/v1/admin/users/{admin.Id}", new JsonObject { ["resetTwoFactor"] = true }, Match(own)));
    }

    [Fact]
    public async Task A_role_reaches_the_next_token_and_admins_sign_in_with_a_second_factor_from_then_on()
    {
        var admin = await AdminAsync();
        var person = await Person.SignedInAsync(_identity, world.Time);
        await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Put, $"/api/v1/users/{person.Id}/role", new JsonObject { ["role"] = "vendor" });
        using var ended = await person.SendAsync(HttpMethod.Get, "/api/v1/account");
        Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
        var login = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/users/login", RunningIdentity.Credentials(person.Email));
        Assert.Equal("vendor", login["user"]!["role"]!.GetValue<string>());

        await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Put, $"/api/v1/users/{person.Id}/role", new JsonObject { ["role"] = "admin" });
        var enrol = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/users/login", RunningIdentity.Credentials(person.Email));
        Assert.True(enrol["enrolmentRequired"]!.GetValue<bool>());
        using var refused = await _identity.SendAsync(HttpMethod.Get, "/api/v1/users", null, enrol["token"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("invalid", await admin.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Put, $"/api/v1/users/{person.Id}/role", new JsonObject { ["role"] = "king" }));
        Assert.Equal("notFound", await admin.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Put, $"/api/v1/users/{Guid.NewGuid()}/role", new JsonObject { ["role"] = "vendor" }));
    }

    [Fact]
    public async Task Changes_of_accounts_take_a_fresh_sign_in_and_leave_ones_own_power_alone()
    {
        var admin = await AdminAsync();
        Assert.Equal("notYourself", await admin.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Put, $"/api/v1/users/{admin.Id}/role", new JsonObject { ["role"] = "customer" }));
        Assert.Equal("notYourself", await admin.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Put, $"/auth/users/{admin.Id}/active", new JsonObject { ["isActive"] = false }));

        var person = await Person.RegisterAsync(_identity, world.Time);
        world.Time.Leap(TimeSpan.FromMinutes(6));
        Assert.Equal("stepUpRequired", await admin.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Put, $"/auth/users/{person.Id}/active", new JsonObject { ["active"] = false }));
        await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/auth/users");
    }

    [Fact]
    public async Task The_trail_tells_administrators_everything_and_everybody_their_own_part()
    {
        var admin = await AdminAsync();
        var person = await Person.SignedInAsync(_identity, world.Time);
        await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Put, $"/api/v1/users/{person.Id}/role", new JsonObject { ["role"] = "vendor" });
        await person.SignInAsync();
        await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/account/export");
        await Eventually.HoldsAsync("the sign-in is noted", async () => await _identity.Database.TextAsync($"select count(*) > 1 from login_events where user_id = '{person.Id}'") == "True");

        var own = (await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/account/activity"))["items"]!.AsArray();
        var actions = own.Select(item => item!["action"]!.GetValue<string>()).ToList();
        Assert.Contains("account.changed", actions);
        Assert.Contains("account.exported", actions);
        Assert.Contains(ActivityReader.SignedIn, actions);
        Assert.All(own, item => Assert.True(item!["actor"]!["id"]!.GetValue<string>() == person.Id.ToString() || item["target"]!["id"]!.GetValue<string>() == person.Id.ToString()));

        var all = (await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, $"/api/v1/admin/audit?userId={person.Id}&action=account.changed"))["items"]!.AsArray();
        var change = Assert.Single(all)!;
        Assert.Equal((admin.Id.ToString(), "customer", "vendor"), (change["actor"]!["id"]!.GetValue<string>(), change["changes"]![0]!["before"]!.GetValue<string>(), change["changes"]![0]!["after"]!.GetValue<string>()));
        var chain = await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/admin/audit/verify");
        Assert.True(chain["intact"]!.GetValue<bool>());

        var seen = new HashSet<string>();
        string? cursor = null;
        do
        {
            var page = await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/account/activity?limit=2" + (cursor is null ? "" : $"&cursor={cursor}"));
            Assert.All(page["items"]!.AsArray(), item => Assert.True(seen.Add(item!["id"]!.GetValue<string>())));
            cursor = page["page"]!["next"]?.GetValue<string>();
        }
        while (cursor is not null);

        Assert.True(seen.Count >= own.Count);
    }

    [Fact]
    public async Task Roles_in_a_namespace_are_given_looked_up_and_taken()
    {
        var admin = await AdminAsync();
        var person = await Person.SignedInAsync(_identity, world.Time);
        var path = $"/api/v1/namespaces/team-a/members/{person.Id}";
        Assert.Equal("notFound", await person.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, path));
        Assert.Equal("invalid", await admin.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Put, path, new JsonObject { ["role"] = "king" }));
        await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Put, path, new JsonObject { ["role"] = "developer" });

        Assert.Equal("developer", (await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, path))["role"]!.GetValue<string>());
        var other = await Person.SignedInAsync(_identity, world.Time);
        Assert.Equal("notFound", await other.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, path));
        Assert.Equal("forbidden", await person.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Put, path, new JsonObject { ["role"] = "owner" }));
        Assert.Equal(person.Email, (await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/namespaces/team-a/members"))["items"]![0]!["email"]!.GetValue<string>());

        using var removed = await admin.SendAsync(HttpMethod.Delete, path);
        Assert.Equal("notFound", await person.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, path));
    }
}

public sealed class FirstAdminTests(TestPostgres postgres)
{
    [Fact]
    public async Task The_named_account_becomes_the_first_administrator_once_its_address_is_confirmed()
    {
        var email = RunningIdentity.NewEmail("first");
        await using var identity = await RunningIdentity.StartAsync(postgres, null, ("ADMIN_EMAIL", email.ToUpperInvariant()));
        var first = identity.Service.Services.GetService(typeof(FirstAdmin)) as FirstAdmin;
        Assert.False(await first!.LookAsync(CancellationToken.None));

        await identity.RegisterAsync(email);
        Assert.False(await first.LookAsync(CancellationToken.None));
        await identity.Database.ExecuteAsync($"update users set email_verified_at = now() where email = '{email}'");
        await Eventually.HoldsAsync("the account is an administrator", async () => await identity.Database.TextAsync($"select role from users where email = '{email}'") == "admin");

        // Somebody else with the setting later on gets nothing.
        await identity.Database.ExecuteAsync($"update users set role = 'customer' where email = '{email}'");
        var other = RunningIdentity.NewEmail("other");
        await identity.RegisterAsync(other);
        await identity.Database.ExecuteAsync($"update users set role = 'admin' where email = '{other}'");
        Assert.True(await first.LookAsync(CancellationToken.None));
        Assert.Equal("customer", await identity.Database.TextAsync($"select role from users where email = '{email}'"));
    }
}
