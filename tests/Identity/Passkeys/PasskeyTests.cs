using System.Net;
using System.Text.Json.Nodes;

namespace Slipway.Identity.Tests.Passkeys;

public sealed class PasskeyTests(IdentityWorld world) : IClassFixture<IdentityWorld>
{
    private const string Path = "/api/v1/account/passkeys";

    private readonly RunningIdentity _identity = world.Identity;

    private static SoftwareAuthenticator Device() => new(Person.Origin, "identity.localhost");

    private static JsonObject Answer(JsonObject question, JsonObject credential) => new()
    {
        ["challengeId"] = question["challengeId"]!.GetValue<string>(),
        ["credential"] = credential,
    };

    private static async Task<JsonObject> AskAsync(Person person) =>
        await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, Path + "/options");

    private static async Task<JsonObject> AddAsync(Person person, SoftwareAuthenticator device)
    {
        var question = await AskAsync(person);
        var body = Answer(question, device.Create(question["options"]!.AsObject()));
        body["name"] = "Telephone";
        return await person.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, Path, body);
    }

    private Task<JsonObject> AskToSignInAsync() => _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/session/passkey/options");

    private Task<HttpResponseMessage> SignInAsync(JsonObject question, JsonObject credential, string origin = Person.Origin) =>
        _identity.SendAsync(HttpMethod.Post, "/api/v1/session/passkey", Answer(question, credential), null, ("Origin", origin));

    [Fact]
    public async Task A_device_is_added_once_and_signs_in_without_a_password()
    {
        using var device = Device();
        var person = await Person.SignedInAsync(_identity, world.Time);
        var added = await AddAsync(person, device);
        Assert.Equal("Telephone", added["name"]!.GetValue<string>());
        var again = await AskAsync(person);
        Assert.Equal("passkeyRefused", await person.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, Path, Answer(again, device.Create(again["options"]!.AsObject()))));

        var question = await AskToSignInAsync();
        using var signedIn = await SignInAsync(question, device.Get(question["options"]!.AsObject()));
        var step = await RunningIdentity.JsonAsync(signedIn, HttpStatusCode.OK);
        Assert.Equal(("signedIn", person.Email), (step["state"]!.GetValue<string>(), step["user"]!["email"]!.GetValue<string>()));
        Assert.True(signedIn.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_passkey_is_called_what_its_owner_calls_it_and_by_nobody_else()
    {
        using var device = Device();
        var (person, other) = (await Person.SignedInAsync(_identity, world.Time), await Person.SignedInAsync(_identity, world.Time, "grace"));
        var path = $"{Path}/{(await AddAsync(person, device))["id"]!.GetValue<string>()}";

        var renamed = await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Patch, path, new JsonObject { ["name"] = "Old telephone" });
        Assert.Equal("Old telephone", renamed["name"]!.GetValue<string>());
        Assert.Equal("notFound", await other.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Patch, path, new JsonObject { ["name"] = "Mine" }));
        Assert.Equal("notFound", await person.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Patch, $"{Path}/!!", new JsonObject { ["name"] = "x" }));
        Assert.Equal("invalid", await person.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Patch, path, new JsonObject { ["name"] = " " }));

        var listed = (await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, Path))["items"]![0]!;
        Assert.Equal("Old telephone", listed["name"]!.GetValue<string>());
        Assert.Null(listed["lastUsedAt"]);
    }

    [Fact]
    public async Task An_answer_counts_once_for_its_own_question_and_from_our_own_pages()
    {
        using var device = Device();
        var person = await Person.SignedInAsync(_identity, world.Time);
        await AddAsync(person, device);

        var first = await AskToSignInAsync();
        var credential = device.Get(first["options"]!.AsObject());
        using var right = await SignInAsync(first, credential.DeepClone().AsObject());
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        using var replayed = await SignInAsync(first, credential.DeepClone().AsObject());
        Assert.Equal(HttpStatusCode.Unauthorized, replayed.StatusCode);

        var other = await AskToSignInAsync();
        using var mixed = await SignInAsync(other, device.Get(first["options"]!.AsObject()));
        Assert.Equal(HttpStatusCode.Unauthorized, mixed.StatusCode);

        device.Origin = "https://evil.example";
        var phished = await AskToSignInAsync();
        using var elsewhere = await SignInAsync(phished, device.Get(phished["options"]!.AsObject()));
        Assert.Equal(HttpStatusCode.Unauthorized, elsewhere.StatusCode);

        device.Origin = Person.Origin;
        var late = await AskToSignInAsync();
        world.Time.Leap(TimeSpan.FromMinutes(5));
        using var tooLate = await SignInAsync(late, device.Get(late["options"]!.AsObject()));
        Assert.Equal(HttpStatusCode.Unauthorized, tooLate.StatusCode);
    }

    [Fact]
    public async Task A_copy_of_a_device_and_one_that_verified_nobody_are_refused()
    {
        using var device = Device();
        var person = await Person.SignedInAsync(_identity, world.Time);
        await AddAsync(person, device);
        var first = await AskToSignInAsync();
        using var right = await SignInAsync(first, device.Get(first["options"]!.AsObject()));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);

        device.Counter = 0;
        var copied = await AskToSignInAsync();
        using var copy = await SignInAsync(copied, device.Get(copied["options"]!.AsObject()));
        Assert.Equal(HttpStatusCode.Unauthorized, copy.StatusCode);

        device.Counter = 10;
        device.Verifies = false;
        var unverified = await AskToSignInAsync();
        using var nobody = await SignInAsync(unverified, device.Get(unverified["options"]!.AsObject()));
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
    }

    [Fact]
    public async Task A_removed_passkey_and_a_closed_account_let_nobody_in()
    {
        using var device = Device();
        var person = await Person.SignedInAsync(_identity, world.Time);
        var id = (await AddAsync(person, device))["id"]!.GetValue<string>();
        await _identity.Database.ExecuteAsync($"update users set is_active = false where id = '{person.Id}'");
        var closed = await AskToSignInAsync();
        using var refused = await SignInAsync(closed, device.Get(closed["options"]!.AsObject()));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        await _identity.Database.ExecuteAsync($"update users set is_active = true where id = '{person.Id}'");
        using var removed = await person.SendAsync(HttpMethod.Delete, $"{Path}/{id}");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        var gone = await AskToSignInAsync();
        using var unknown = await SignInAsync(gone, device.Get(gone["options"]!.AsObject()));
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
    }

    [Fact]
    public async Task Nonsense_is_refused_and_never_an_error_of_the_service()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        foreach (var credential in new[] { "{}", """{"id":"x"}""", """{"id":"","rawId":"","type":"public-key","response":{}}""", """{"id":5,"response":{"clientDataJSON":"%%%"}}""" })
        {
            using var signIn = await SignInAsync(await AskToSignInAsync(), JsonNode.Parse(credential)!.AsObject());
            Assert.Equal(HttpStatusCode.Unauthorized, signIn.StatusCode);
            Assert.Equal("passkeyRefused", await person.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, Path, Answer(await AskAsync(person), JsonNode.Parse(credential)!.AsObject())));
        }

        Assert.Equal("invalid", await person.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, Path, new JsonObject { ["credential"] = "text" }));
    }

    [Fact]
    public async Task Making_one_takes_a_fresh_sign_in()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        world.Time.Leap(TimeSpan.FromMinutes(6));

        Assert.Equal("stepUpRequired", await person.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Post, Path + "/options"));
    }
}
