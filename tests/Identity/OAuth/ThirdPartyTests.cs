using System.Net;
using System.Text.Json.Nodes;

namespace Slipway.Identity.Tests.OAuth;

public sealed class ThirdPartyTests(IdentityWorld world) : IClassFixture<IdentityWorld>
{
    private const string Redirect = "https://planner.example/callback";

    private readonly RunningIdentity _identity = world.Identity;

    private static JsonObject Planner(string id, params string[] grants) => new()
    {
        ["id"] = id,
        ["name"] = "Planner",
        ["confidential"] = true,
        ["redirectUris"] = new JsonArray(Redirect),
        ["scopes"] = new JsonArray("todo.todos:read", "todo.lists:read"),
        ["grants"] = new JsonArray([.. grants.Select(grant => (JsonNode)grant)]),
    };

    private static Dictionary<string, string?> Query(Flow flow, string client, string scope = "openid todo.todos:read") =>
        flow.With(("client_id", client), ("redirect_uri", Redirect), ("scope", scope));

    private static string QueryText(Dictionary<string, string?> query) => Flow.Address(query)["/oauth2/authorize".Length..];

    private async Task<string> RegisterAsync(string id, params string[] grants)
    {
        world.Time.Leap(TimeSpan.FromMinutes(2));
        var admin = await Person.AdminAsync(_identity, world.Time);
        var made = await admin.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, "/api/v1/admin/clients", Planner(id, grants));
        return made["secret"]!.GetValue<string>();
    }

    [Fact]
    public async Task A_third_partys_client_gets_a_code_only_after_the_person_agreed_and_is_asked_about_once()
    {
        var secret = await RegisterAsync("planner-one", "authorization_code", "refresh_token");
        var person = await Person.SignedInAsync(_identity, world.Time);
        var flow = new Flow(_identity);
        var query = Query(flow, "planner-one");

        var location = await flow.AuthorizeAsync(person, query);
        Assert.Equal("/consent", location.AbsolutePath);
        var question = await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/oauth/consent" + location.Query);
        Assert.Equal(("Planner", "https://planner.example"), (question["client"]!["name"]!.GetValue<string>(), question["client"]!["returnsTo"]!.GetValue<string>()));
        Assert.Equal(person.Email, question["email"]!.GetValue<string>());
        Assert.Equal("consent_required", Flow.Parameter(await flow.AuthorizeAsync(person, flow.With(("client_id", "planner-one"), ("redirect_uri", Redirect), ("scope", "openid"), ("prompt", "none"))), "error"));

        var agreed = await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/oauth/consent", new JsonObject { ["query"] = location.Query, ["allow"] = true });
        var code = Flow.Parameter(new Uri(agreed["location"]!.GetValue<string>()), "code")!;
        Assert.Equal("invalid_client", await Flow.ErrorAsync(await flow.ExchangeAsync(code, ("client_id", "planner-one"), ("redirect_uri", Redirect)), HttpStatusCode.Unauthorized));
        using var exchanged = await flow.ExchangeAsync(code, ("client_id", "planner-one"), ("redirect_uri", Redirect), ("client_secret", secret));
        var tokens = await RunningIdentity.JsonAsync(exchanged, HttpStatusCode.OK);
        Assert.Null(tokens["refresh_token"]);
        Assert.Equal("todo", Flow.Claims(tokens["access_token"]!.GetValue<string>())["aud"]!.GetValue<string>());

        // The same again needs no asking, more does.
        Assert.NotNull(Flow.Parameter(await flow.AuthorizeAsync(person, query), "code"));
        Assert.Equal("/consent", (await flow.AuthorizeAsync(person, Query(flow, "planner-one", "openid todo.lists:read"))).AbsolutePath);

        var programs = await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/account/programs");
        Assert.Equal("planner-one", programs["items"]![0]!["id"]!.GetValue<string>());
        using var withdrawn = await person.SendAsync(HttpMethod.Delete, "/api/v1/account/programs/planner-one");
        Assert.Equal(HttpStatusCode.NoContent, withdrawn.StatusCode);
        Assert.Equal("/consent", (await flow.AuthorizeAsync(person, query)).AbsolutePath);
        using var info = await _identity.SendAsync(HttpMethod.Get, "/oauth2/userinfo", null, tokens["access_token"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Unauthorized, info.StatusCode);
    }

    [Fact]
    public async Task Saying_no_is_told_to_the_client_and_remembered_by_nobody()
    {
        await RegisterAsync("planner-two", "authorization_code");
        var person = await Person.SignedInAsync(_identity, world.Time);
        var flow = new Flow(_identity);
        var query = QueryText(Query(flow, "planner-two"));

        var refused = await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/oauth/consent", new JsonObject { ["query"] = query, ["allow"] = false });
        Assert.Equal("access_denied", Flow.Parameter(new Uri(refused["location"]!.GetValue<string>()), "error"));
        Assert.Equal("/consent", (await flow.AuthorizeAsync(person, Query(flow, "planner-two"))).AbsolutePath);
    }

    [Fact]
    public async Task Agreeing_takes_the_pages_own_token_and_a_whole_request()
    {
        await RegisterAsync("planner-three", "authorization_code");
        var person = await Person.SignedInAsync(_identity, world.Time);
        var query = QueryText(Query(new Flow(_identity), "planner-three"));
        using var forged = await person.SendAsync(HttpMethod.Post, "/api/v1/oauth/consent", new JsonObject { ["query"] = query, ["allow"] = true }, ("Origin", "https://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);

        var broken = QueryText(new Flow(_identity).With(("client_id", "planner-three"), ("redirect_uri", "https://evil.example/")));
        Assert.Equal("brokenAuthorization", await person.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/v1/oauth/consent", new JsonObject { ["query"] = broken, ["allow"] = true }));
        Assert.Equal("invalid", await person.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "/api/v1/oauth/consent", new JsonObject { ["query"] = query }));
    }

    [Fact]
    public async Task A_service_gets_a_token_for_itself_with_its_secret()
    {
        var secret = await RegisterAsync("planner-job", "client_credentials");
        var flow = new Flow(_identity);
        using var response = await flow.TokenAsync(new() { ["grant_type"] = "client_credentials", ["scope"] = "todo.todos:read" }, ("planner-job", secret));
        var tokens = await RunningIdentity.JsonAsync(response, HttpStatusCode.OK);
        var claims = Flow.Claims(tokens["access_token"]!.GetValue<string>());
        Assert.Equal(("planner-job", "todo", "todo.todos:read"), (claims["sub"]!.GetValue<string>(), claims["aud"]!.GetValue<string>(), claims["scope"]!.GetValue<string>()));
        Assert.Null(claims["userId"]);

        var form = new Dictionary<string, string?> { ["grant_type"] = "client_credentials", ["scope"] = "retail.orders:read" };
        Assert.Equal("invalid_scope", await Flow.ErrorAsync(await flow.TokenAsync(form, ("planner-job", secret))));
        Assert.Equal("invalid_client", await Flow.ErrorAsync(await flow.TokenAsync(form, ("planner-job", secret + "x")), HttpStatusCode.Unauthorized));
        Assert.Equal("unauthorized_client", await Flow.ErrorAsync(await flow.TokenAsync(new() { ["grant_type"] = "client_credentials", ["client_id"] = "shop" })));
        Assert.Equal("unsupported_grant_type", await Flow.ErrorAsync(await flow.TokenAsync(new() { ["grant_type"] = "password", ["client_id"] = "shop" })));
    }

    [Fact]
    public async Task Only_sound_clients_are_registered_and_the_installations_own_stay()
    {
        world.Time.Leap(TimeSpan.FromMinutes(2));
        var admin = await Person.AdminAsync(_identity, world.Time);
        var wrong = new JsonObject
        {
            ["id"] = "Planner!",
            ["name"] = "",
            ["redirectUris"] = new JsonArray("http://planner.example/", "https://planner.example/*"),
            ["scopes"] = new JsonArray("everything", "identity.account:write"),
            ["grants"] = new JsonArray("client_credentials", "implicit"),
        };
        var problem = await admin.JsonAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "/api/v1/admin/clients", wrong);
        var pointers = problem["errors"]!.AsArray().Select(error => error!["pointer"]!.GetValue<string>());
        Assert.Equal(["/id", "/name", "/grants/1", "/confidential", "/redirectUris/0", "/redirectUris/1", "/scopes/0", "/scopes/1"], pointers);

        Assert.Equal("ownClient", await admin.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Delete, "/api/v1/admin/clients/todo"));
        Assert.Equal("clientExists", await admin.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Post, "/api/v1/admin/clients", Planner("shop", "authorization_code")));
        var list = await admin.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/admin/clients");
        Assert.Superset(new HashSet<string>(["console", "shop", "slipway-cli", "todo"]), list["items"]!.AsArray().Select(client => client!["id"]!.GetValue<string>()).ToHashSet());
    }
}
