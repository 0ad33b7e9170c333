using System.Text.Json.Nodes;
using Slipway.Sdk.Hosting;

namespace Slipway.Identity.Tests;

/// <summary>Bodies that nobody sends by mistake, at every address that reads one. Whatever comes, it is the sender's problem and never a 500.</summary>
public sealed class HostileBodyTests(HostileBodyTests.Unlimited shared) : IClassFixture<HostileBodyTests.Unlimited>
{
    private static readonly JsonNode?[] s_values =
    [
        null, "", "\0", "a\0b", "\u202e", "'; drop table users; --", "%00", "a@b@c", "\"a\"@b.c", "a\r\nbcc: x@y.z", new string('x', 300), new string('é', 500),
        -1, 1e308, true, new JsonArray("x"), new JsonObject { ["$ne"] = null },
    ];

    public sealed class Unlimited(TestPostgres postgres) : SharedIdentity(postgres)
    {
        protected override (string Name, string Value)[] Settings => [("LIMITS", "off"), ("LOG_LEVEL", "error")];
    }

    [Theory]
    [InlineData("POST", "/auth/register", "email", "password", "username", "firstName", "lastName")]
    [InlineData("POST", "/auth/login", "email", "password", "totpCode")]
    [InlineData("POST", "/auth/refresh", "refreshToken")]
    [InlineData("POST", "/api/v1/users/register", "email", "password", "firstName", "lastName", "gdprConsent", "marketingConsent", "consentVersion")]
    [InlineData("POST", "/api/v1/users/login", "email", "password", "totpCode")]
    [InlineData("POST", "/api/v1/registrations", "email", "password", "firstName", "lastName", "gdprConsent", "locale")]
    [InlineData("POST", "/api/v1/registrations/confirm", "token")]
    [InlineData("POST", "/api/v1/registrations/resend", "email")]
    [InlineData("POST", "/api/v1/password-resets", "email")]
    [InlineData("POST", "/api/v1/password-resets/confirm", "token", "newPassword")]
    [InlineData("POST", "/api/v1/session", "email", "password")]
    [InlineData("POST", "/api/v1/session/two-factor", "challengeId", "code", "recoveryCode")]
    [InlineData("PUT", "/auth/me", "username", "firstName", "lastName")]
    [InlineData("PUT", "/auth/password", "currentPassword", "newPassword")]
    [InlineData("PATCH", "/api/v1/account", "username", "firstName", "lastName", "locale")]
    [InlineData("PUT", "/api/v1/users/profile", "firstName", "lastName")]
    public async Task Every_value_in_every_field_is_answered_and_none_breaks_anything(string method, string path, params string[] fields)
    {
        var token = (await shared.Identity.RegisterAsync(RunningIdentity.NewEmail()))["token"]!.GetValue<string>();
        foreach (var field in fields)
        {
            foreach (var value in s_values)
            {
                var body = new JsonObject();
                foreach (var other in fields)
                {
                    body[other] = Good(other);
                }

                body[field] = value?.DeepClone();
                using var response = await shared.Identity.SendAsync(new HttpMethod(method), path, body, token, ("If-Match", "*"));
                Assert.True(
                    (int)response.StatusCode < 500,
                    $"{(int)response.StatusCode} for {field} = {value?.ToJsonString()}: {await response.Content.ReadAsStringAsync()}");
            }
        }
    }

    private static JsonNode Good(string field) => field switch
    {
        "email" => RunningIdentity.NewEmail("hostile"),
        "password" or "newPassword" or "currentPassword" => RunningIdentity.Password,
        "gdprConsent" or "marketingConsent" => true,
        "locale" => "en",
        "username" => $"user{Guid.NewGuid():N}",
        "challengeId" => Guid.NewGuid().ToString(),
        _ => "plain",
    };
}
