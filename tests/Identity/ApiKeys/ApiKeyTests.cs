using System.Net;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Slipway.Identity.Tests.ApiKeys;

public sealed class ApiKeyTests(IdentityWorld world) : IClassFixture<IdentityWorld>
{
    private const string Path = "/api/v1/account/api-keys";

    private readonly RunningIdentity _identity = world.Identity;

    private static JsonObject Body(int days = 30, params string[] scopes) => new()
    {
        ["name"] = "Backup",
        ["scopes"] = new JsonArray([.. (scopes.Length == 0 ? ["todo.todos:read"] : scopes).Select(scope => (JsonNode)scope)]),
        ["expiresInDays"] = days,
    };

    private Task<JsonObject> CheckAsync(string key, HttpStatusCode expected = HttpStatusCode.OK) =>
        _identity.JsonAsync(expected, HttpMethod.Post, "/api/v1/api-keys/check", new JsonObject { ["key"] = key });

    [Fact]
    public async Task A_key_is_shown_once_and_speaks_for_its_owner_with_its_scopes_only()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var made = await person.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, Path, Body(30, "todo.todos:read", "todo.lists:write"));
        var key = made["key"]!.GetValue<string>();
        Assert.StartsWith($"slp_live_{made["id"]!.GetValue<string>()}_", key, StringComparison.Ordinal);

        var claims = await CheckAsync(key);
        Assert.Equal((person.Id.ToString(), "todo.todos:read todo.lists:write"), (claims["sub"]!.GetValue<string>(), claims["scope"]!.GetValue<string>()));
        Assert.Null(claims["role"]);

        var listed = (await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, Path))["items"]!.AsArray().Single()!;
        Assert.Null(listed["key"]);
        Assert.NotNull(listed["lastUsedAt"]);
        Assert.Equal("0", await _identity.Database.TextAsync($"select count(*) from api_keys where api_keys::text like '%{key.Split('_')[3]}%'"));
    }

    [Fact]
    public async Task It_ends_when_it_expires_is_revoked_or_its_owner_is_gone()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var expiring = (await person.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, Path, Body(1)))["key"]!.GetValue<string>();
        var revoked = await person.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, Path, Body());
        var orphan = (await person.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, Path, Body()))["key"]!.GetValue<string>();

        using var deleted = await person.SendAsync(HttpMethod.Delete, $"{Path}/{revoked["id"]!.GetValue<string>()}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await CheckAsync(revoked["key"]!.GetValue<string>(), HttpStatusCode.Unauthorized);

        world.Time.Leap(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        await CheckAsync(expiring, HttpStatusCode.Unauthorized);
        await CheckAsync(orphan);
        await _identity.Database.ExecuteAsync($"update users set is_active = false where id = '{person.Id}'");
        var refused = await CheckAsync(orphan, HttpStatusCode.Unauthorized);
        Assert.Equal("invalidApiKey", refused["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task Nobody_revokes_the_key_of_somebody_else()
    {
        var owner = await Person.SignedInAsync(_identity, world.Time);
        var made = await owner.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, Path, Body());
        var other = await Person.SignedInAsync(_identity, world.Time);
        using var deleted = await other.SendAsync(HttpMethod.Delete, $"{Path}/{made["id"]!.GetValue<string>()}");

        await CheckAsync(made["key"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_a_key_may_hold_is_checked_field_by_field()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var wrong = new JsonObject
        {
            ["name"] = " ",
            ["scopes"] = new JsonArray("todo.*", "openid", "identity.account:write", "retail.payments:refund"),
            ["expiresInDays"] = 400,
        };
        var problem = await person.JsonAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, Path, wrong);
        Assert.Equal(
            ["/name", "/scopes/0", "/scopes/1", "/scopes/2", "/scopes/3", "/expiresInDays"],
            problem["errors"]!.AsArray().Select(error => error!["pointer"]!.GetValue<string>()));

        var past = Body();
        past.Remove("expiresInDays");
        past["expiresAt"] = "2001-01-01T00:00:00Z";
        await person.JsonAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, Path, past);
    }

    [Fact]
    public async Task Making_one_takes_a_fresh_sign_in_and_a_key_opens_no_account()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var key = (await person.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, Path, Body()))["key"]!.GetValue<string>();
        using var account = await _identity.SendAsync(HttpMethod.Get, "/api/v1/account", null, key);
        Assert.Equal(HttpStatusCode.Unauthorized, account.StatusCode);

        world.Time.Leap(TimeSpan.FromMinutes(6));
        Assert.Equal("stepUpRequired", await person.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Post, Path, Body()));
    }

    [Fact]
    public void Whatever_is_shown_as_a_key_the_check_answers_401_or_says_what_is_wrong() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100).WithQuietOnSuccess(true), Prop.ForAll<string?, NonNegativeInt>((text, which) =>
        {
            var key = which.Get % 2 == 0 ? text : $"slp_live_{text}_{text}";
            using var response = _identity.SendAsync(HttpMethod.Post, "/api/v1/api-keys/check", new JsonObject { ["key"] = key is null ? null : JsonValue.Create(key) }).GetAwaiter().GetResult();
            Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.Unauthorized, HttpStatusCode.UnprocessableEntity, HttpStatusCode.BadRequest]);
        }));
}
