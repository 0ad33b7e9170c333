using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Identity.Secrets;
using Slipway.Identity.Tokens;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Hosting;

namespace Slipway.Identity.Tests.Tokens;

public sealed class KeyRotationTests(TestPostgres postgres)
{
    [Fact]
    public async Task Tokens_live_on_over_a_rotation_and_the_old_key_goes_when_the_last_one_has_expired()
    {
        var clock = new ShiftedTime();
        await using var identity = await RunningIdentity.StartAsync(postgres, clock);
        var email = RunningIdentity.NewEmail();
        var before = (await identity.RegisterAsync(email))["token"]!.GetValue<string>();
        var oldKey = Assert.Single(await KidsAsync(identity));

        // The verb, as an operator runs it: another process with the same settings.
        Assert.Equal(0, await IdentityService.Create([.. Set(identity), "rotate-keys"], options => (options.Environment, options.Time) = (_ => null, clock)).RunAsync(IdentityService.Map));
        await LookAsync(identity);
        Assert.Equal(2, (await KidsAsync(identity)).Count);
        Assert.Equal(oldKey, Jwt.Read((await identity.SignInAsync(email))["token"]!.GetValue<string>()).Kid);

        clock.Advance(TimeSpan.FromSeconds(61));
        var after = (await identity.SignInAsync(email))["token"]!.GetValue<string>();
        Assert.NotEqual(oldKey, Jwt.Read(after).Kid);
        await VerifyAsync(identity, before, HttpStatusCode.OK);
        await VerifyAsync(identity, after, HttpStatusCode.OK);

        clock.Advance(TimeSpan.FromHours(23));
        await LookAsync(identity);
        Assert.Contains(oldKey, await KidsAsync(identity));
        clock.Advance(TimeSpan.FromHours(2));
        await LookAsync(identity);
        Assert.Equal([Jwt.Read(after).Kid], await KidsAsync(identity));
    }

    [Fact]
    public async Task A_key_is_replaced_by_itself_after_thirty_days()
    {
        var clock = new ShiftedTime();
        await using var identity = await RunningIdentity.StartAsync(postgres, clock);
        var email = RunningIdentity.NewEmail();
        var first = Jwt.Read((await identity.RegisterAsync(email))["token"]!.GetValue<string>()).Kid;

        clock.Advance(TimeSpan.FromDays(30));
        await LookAsync(identity);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.NotEqual(first, Jwt.Read((await identity.SignInAsync(email))["token"]!.GetValue<string>()).Kid);
    }

    [Fact]
    public async Task Instances_that_start_at_once_agree_on_one_key()
    {
        await using var one = await RunningIdentity.StartAsync(postgres);
        await one.RegisterAsync(RunningIdentity.NewEmail());
        await one.Database.ExecuteAsync("delete from signing_keys");
        var others = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => one.AnotherAsync()));
        try
        {
            var kids = new HashSet<string>();
            foreach (var other in others)
            {
                kids.Add(Jwt.Read((await other.RegisterAsync(RunningIdentity.NewEmail()))["token"]!.GetValue<string>()).Kid);
            }

            Assert.Single(kids);
            Assert.Equal("1", await one.Database.TextAsync("select count(*) from signing_keys"));
        }
        finally
        {
            foreach (var other in others)
            {
                await other.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_token_of_one_instance_is_known_at_another()
    {
        await using var one = await RunningIdentity.StartAsync(postgres);
        await using var other = await one.AnotherAsync();
        var token = (await one.RegisterAsync(RunningIdentity.NewEmail()))["token"]!.GetValue<string>();
        await VerifyAsync(other, token, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Private_keys_are_unreadable_in_the_database_and_with_another_master_key()
    {
        await using var identity = await RunningIdentity.StartAsync(postgres);
        await identity.RegisterAsync(RunningIdentity.NewEmail());
        var services = identity.Service.Services;
        var stored = Assert.Single(await services.GetRequiredService<SigningKeyStore>().ListAsync(default));

        Assert.NotNull(services.GetRequiredService<SigningKeyStore>().Open(stored));
        Assert.Null(new Seal(new byte[32], new byte[32]).Open(stored.Sealed, $"signing key {stored.Key.Kid}"));
        Assert.Null(services.GetRequiredService<Seal>().Open(stored.Sealed, "signing key of somebody else"));
        using var asKey = System.Security.Cryptography.ECDsa.Create();
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => asKey.ImportPkcs8PrivateKey(stored.Sealed, out _));
    }

    [Fact]
    public async Task With_the_wrong_master_key_no_token_is_issued_instead_of_a_new_key_being_made_in_silence()
    {
        await using var identity = await RunningIdentity.StartAsync(postgres);
        await identity.RegisterAsync(RunningIdentity.NewEmail());
        await using var mistaken = await identity.AnotherAsync(null, ("IDENTITY_MASTER_KEY", Convert.ToBase64String(new byte[32])), ("LOG_LEVEL", "error"));

        var problem = await mistaken.JsonAsync(
            HttpStatusCode.ServiceUnavailable, HttpMethod.Post, "/auth/register", RunningIdentity.Credentials(RunningIdentity.NewEmail()));
        Assert.Equal("signingKeysUnavailable", problem["code"]!.GetValue<string>());
        Assert.Equal("1", await identity.Database.TextAsync("select count(*) from signing_keys"));
        Assert.Equal("1", await identity.Database.TextAsync("select count(*) from users"));
        using var ready = await mistaken.SendAsync(HttpMethod.Get, "/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
    }

    [Fact]
    public async Task The_published_keys_are_public_halves_only_and_the_services_own_reader_understands_them()
    {
        await using var identity = await RunningIdentity.StartAsync(postgres);
        using var response = await identity.SendAsync(HttpMethod.Get, "/oauth2/jwks");
        var document = await response.Content.ReadAsByteArrayAsync();
        var key = JsonNode.Parse(document)!["keys"]![0]!.AsObject();

        Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], key.Select(member => member.Key).Order());
        Assert.True(JsonWebKeys.Parse(document).Value.Knows(key["kid"]!.GetValue<string>()));
        Assert.True(response.Headers.CacheControl!.MaxAge <= TimeSpan.FromSeconds(60));
    }

    private static string[] Set(RunningIdentity identity) => [.. identity.Environment.SelectMany(setting => new[] { "--set", $"{setting.Key}={setting.Value}" })];

    private static Task LookAsync(RunningIdentity identity) => identity.Service.Services.GetRequiredService<KeyRing>().LookAsync(default);

    private static async Task<List<string>> KidsAsync(RunningIdentity identity) =>
        [.. (await identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/oauth2/jwks"))["keys"]!.AsArray().Select(key => key!["kid"]!.GetValue<string>())];

    private static async Task VerifyAsync(RunningIdentity identity, string token, HttpStatusCode expected)
    {
        using var response = await identity.SendAsync(HttpMethod.Get, "/auth/verify", bearer: token);
        Assert.Equal(expected, response.StatusCode);
    }
}
