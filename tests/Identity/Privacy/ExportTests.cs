using System.Net;
using System.Text.Json.Nodes;
using Slipway.Identity.Privacy;

namespace Slipway.Identity.Tests.Privacy;

public sealed class ExportTests(IdentityWorld world) : IClassFixture<IdentityWorld>
{
    private readonly RunningIdentity _identity = world.Identity;

    [Fact]
    public async Task The_export_holds_everything_kept_about_a_person_and_no_secret()
    {
        var person = await Person.SignedInAsync(_identity, world.Time, "lovelace");
        await person.EnrolAsync();
        await person.SignInAsync();
        var key = (await person.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, "/api/v1/account/api-keys", new JsonObject { ["name"] = "Backup", ["scopes"] = new JsonArray("todo.todos:read") }))["key"]!.GetValue<string>();
        await _identity.Database.ExecuteAsync(
            $"insert into namespace_members (namespace, user_id, role, granted_at) values ('team-a', '{person.Id}', 'developer', now()); insert into oauth_consents (user_id, client_id, scopes, granted_at) values ('{person.Id}', 'shop', array['openid'], now())");
        await Eventually.HoldsAsync("the sign-ins are noted", async () => await _identity.Database.TextAsync($"select count(*) > 0 from login_events where user_id = '{person.Id}'") == "True");

        using var response = await person.SendAsync(HttpMethod.Get, "/api/v1/account/export");
        Assert.StartsWith("attachment", response.Content.Headers.ContentDisposition?.ToString() ?? "", StringComparison.Ordinal);
        var export = await RunningIdentity.JsonAsync(response, HttpStatusCode.OK);

        Assert.Equal(person.Email, export["profile"]!["email"]!.GetValue<string>());
        Assert.Equal(PersonalExport.FormatVersion, export["formatVersion"]!.GetValue<string>());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", export["exportedAt"]!.GetValue<string>());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", export["profile"]!["createdAt"]!.GetValue<string>());
        foreach (var list in new[] { "consents", "sessions", "signIns", "apiKeys", "programs", "namespaces", "auditEvents" })
        {
            Assert.True(export[list]!.AsArray().Count > 0, list);
        }

        Assert.Equal(10, export["twoFactor"]!["recoveryCodesLeft"]!.GetValue<int>());
        Assert.Contains("twoFactor.enabled", export["auditEvents"]!.AsArray().Select(entry => entry!["action"]!.GetValue<string>()));
        var text = export.ToJsonString();
        Assert.DoesNotContain(key.Split('_')[3], text, StringComparison.Ordinal);
        Assert.DoesNotContain("$2b$", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_gets_anothers_data()
    {
        var one = await Person.SignedInAsync(_identity, world.Time, "one");
        var other = await Person.SignedInAsync(_identity, world.Time, "other");
        var export = (await one.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/account/export")).ToJsonString();

        Assert.DoesNotContain(other.Email, export, StringComparison.Ordinal);
        Assert.DoesNotContain(other.Id.ToString(), export, StringComparison.Ordinal);
        using var anonymous = await _identity.SendAsync(HttpMethod.Get, "/api/v1/users/export");
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
    }

    [Fact]
    public async Task Consents_are_kept_with_version_and_date_and_every_decision_stays()
    {
        var email = RunningIdentity.NewEmail();
        var body = RunningIdentity.Credentials(email);
        body["firstName"] = "Ada";
        body["lastName"] = "L";
        body["gdprConsent"] = false;
        var refused = await _identity.JsonAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/v1/users/register", body);
        Assert.Equal("consentRequired", refused["code"]!.GetValue<string>());
        body["gdprConsent"] = true;
        body["consentVersion"] = "2.1";
        var token = (await _identity.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, "/api/v1/users/register", body))["token"]!.GetValue<string>();

        var state = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Put, "/api/v1/users/consent", new JsonObject { ["marketingConsent"] = true }, token);
        Assert.True(state["marketingConsent"]!.GetValue<bool>());
        state = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Put, "/api/v1/users/consent", new JsonObject { ["marketingConsent"] = false, ["gdprConsent"] = true, ["consentVersion"] = "2.2" }, token);
        Assert.Equal("2.2", state["consentVersion"]!.GetValue<string>());
        Assert.Equal(DateOnly.FromDateTime(world.Time.GetUtcNow().UtcDateTime).ToString("yyyy-MM-dd", null), state["consentDate"]!.GetValue<string>());
        Assert.Equal(
            ["marketing False 2.2", "terms True 2.2", "marketing True 2.1", "marketing False 2.1", "terms True 2.1"],
            state["history"]!.AsArray().Select(entry => $"{entry!["kind"]} {entry["granted"]!.GetValue<bool>()} {entry["version"]}"));

        var withdrawn = await _identity.JsonAsync(HttpStatusCode.Conflict, HttpMethod.Put, "/api/v1/users/consent", new JsonObject { ["gdprConsent"] = false }, token);
        Assert.Equal("erasureNeeded", withdrawn["code"]!.GetValue<string>());
    }
}
