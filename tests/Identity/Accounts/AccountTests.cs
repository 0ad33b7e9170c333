using System.Net;
using System.Text.Json.Nodes;

namespace Slipway.Identity.Tests.Accounts;

public sealed class AccountTests(SharedIdentity shared) : IClassFixture<SharedIdentity>, IAsyncLifetime
{
    private readonly RunningIdentity _identity = shared.Identity;
    private readonly string _email = RunningIdentity.NewEmail();
    private string _token = "";

    public async ValueTask InitializeAsync() => _token = (await _identity.RegisterAsync(_email))["token"]!.GetValue<string>();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_patch_changes_what_it_names_clears_what_it_nulls_and_leaves_the_rest()
    {
        await PatchAsync(new JsonObject { ["firstName"] = "Ada", ["lastName"] = "Lovelace", ["username"] = "lovelace" }, HttpStatusCode.OK);
        var changed = await PatchAsync(new JsonObject { ["lastName"] = null, ["locale"] = "de" }, HttpStatusCode.OK);

        Assert.Equal("Ada", changed["name"]!.GetValue<string>());
        Assert.Equal("lovelace", changed["username"]!.GetValue<string>());
        Assert.Equal("de", changed["locale"]!.GetValue<string>());
        Assert.Null(changed["lastName"]);
    }

    [Fact]
    public async Task A_change_says_which_version_it_changes()
    {
        using var read = await _identity.SendAsync(HttpMethod.Get, "/api/v1/account", bearer: _token);
        var etag = read.Headers.ETag!.Tag;
        await PatchAsync(new JsonObject { ["firstName"] = "Ada" }, (HttpStatusCode)428, null);
        await PatchAsync(new JsonObject { ["firstName"] = "Ada" }, HttpStatusCode.OK, etag);
        await PatchAsync(new JsonObject { ["firstName"] = "Eve" }, HttpStatusCode.PreconditionFailed, etag);
        using var unchanged = await _identity.SendAsync(HttpMethod.Get, "/api/v1/account", bearer: _token, headers: ("If-None-Match", "\"2\""));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Theory]
    [InlineData("""{"role":"admin"}""")]
    [InlineData("""{"email":"other@example.org"}""")]
    [InlineData("""{"isActive":true}""")]
    [InlineData("""{"firstName":5}""")]
    [InlineData("""{"locale":"not a language"}""")]
    [InlineData("""{"username":"a b"}""")]
    public async Task What_may_not_or_cannot_be_changed_is_refused(string body) =>
        await PatchAsync(JsonNode.Parse(body)!.AsObject(), HttpStatusCode.UnprocessableEntity);

    [Fact]
    public async Task A_user_name_of_somebody_else_is_a_conflict()
    {
        await _identity.RegisterAsync(RunningIdentity.NewEmail());
        var other = RunningIdentity.NewEmail();
        var body = RunningIdentity.Credentials(other);
        body["username"] = "somebody.else";
        await _identity.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, "/auth/register", body);
        await PatchAsync(new JsonObject { ["username"] = "Somebody.Else" }, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task The_documented_surfaces_replace_the_profile_as_a_whole()
    {
        var todo = await _identity.JsonAsync(
            HttpStatusCode.OK, HttpMethod.Put, "/auth/me", new JsonObject { ["firstName"] = "Ada", ["username"] = "whole" }, _token);
        Assert.Equal("whole", todo["username"]!.GetValue<string>());
        var retail = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Put, "/api/users/profile", new JsonObject { ["lastName"] = "Byron" }, _token);
        Assert.Equal("Byron", retail["lastName"]!.GetValue<string>());
        Assert.Null(retail["firstName"]);
        Assert.Equal("whole", (await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/auth/me", bearer: _token))["username"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_token_without_the_scope_is_told_which_one_is_missing()
    {
        await _identity.Database.ExecuteAsync($"update users set role = 'admin' where email = '{_email}'");
        var limited = await _identity.SignInAsync(_email);
        Assert.True(limited["enrolmentRequired"]!.GetValue<bool>());
        Assert.Equal("identity.twoFactor:enrol", Jwt.Read(limited["token"]!.GetValue<string>()).Claims["scope"]!.GetValue<string>());

        var problem = await _identity.JsonAsync(HttpStatusCode.Forbidden, HttpMethod.Get, "/api/v1/account", bearer: limited["token"]!.GetValue<string>());
        Assert.Equal("identity.account:read", problem["missingScope"]!.GetValue<string>());
    }

    private async Task<JsonObject> PatchAsync(JsonObject patch, HttpStatusCode expected, string? match = "*") => await _identity.JsonAsync(
        expected, HttpMethod.Patch, "/api/v1/account", patch, _token, match is null ? [] : [("If-Match", match)]);
}
