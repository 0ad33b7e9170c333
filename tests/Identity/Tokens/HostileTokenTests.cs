using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Identity.Tokens;

namespace Slipway.Identity.Tests.Tokens;

public sealed class HostileTokenTests(SharedIdentity shared) : IClassFixture<SharedIdentity>, IAsyncLifetime
{
    private readonly RunningIdentity _identity = shared.Identity;
    private string _token = "";

    public async ValueTask InitializeAsync() =>
        _token = (await _identity.RegisterAsync(RunningIdentity.NewEmail("mallory")))["token"]!.GetValue<string>();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_token_itself_is_good() => await VerifyAsync(_token, HttpStatusCode.OK);

    [Fact]
    public async Task Unsigned_and_cut_tokens_are_refused()
    {
        var parts = _token.Split('.');
        foreach (var algorithm in new[] { "none", "None", "NONE", "" })
        {
            var header = Jwt.Part(new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT", ["kid"] = Jwt.Read(_token).Kid });
            await VerifyAsync($"{header}.{parts[1]}.", HttpStatusCode.Unauthorized);
            await VerifyAsync($"{header}.{parts[1]}.{parts[2]}", HttpStatusCode.Unauthorized);
        }

        await VerifyAsync($"{parts[0]}.{parts[1]}", HttpStatusCode.Unauthorized);
        await VerifyAsync($"{parts[0]}.{parts[1]}.", HttpStatusCode.Unauthorized);
        await VerifyAsync($"{parts[0]}.{parts[1]}.{parts[2][..20]}", HttpStatusCode.Unauthorized);
        await VerifyAsync($"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(new byte[64])}", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Claims_cannot_be_changed()
    {
        var parts = _token.Split('.');
        var jwt = Jwt.Read(_token);
        jwt.Claims["role"] = "admin";
        jwt.Claims["roles"] = new JsonArray("admin");
        await VerifyAsync($"{parts[0]}.{Jwt.Part(jwt.Claims)}.{parts[2]}", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_public_key_is_no_secret_to_sign_with()
    {
        var keys = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/oauth2/jwks");
        var key = keys["keys"]![0]!;
        var parts = _token.Split('.');
        var header = Jwt.Part(new JsonObject { ["alg"] = "HS256", ["typ"] = "JWT", ["kid"] = key["kid"]!.GetValue<string>() });
        foreach (var secret in new[] { key.ToJsonString(), keys.ToJsonString(), key["x"]!.GetValue<string>() })
        {
            var text = $"{header}.{parts[1]}";
            var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(text));
            await VerifyAsync($"{text}.{Base64Url.EncodeToString(signature)}", HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task A_key_brought_along_is_not_used()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = own.ExportParameters(false).Q;
        var jwk = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
        foreach (var kid in new[] { Jwt.Read(_token).Kid, "my-own-key", "../../etc/passwd", "' or 1=1 --" })
        {
            var header = Jwt.Part(new JsonObject { ["alg"] = "ES256", ["typ"] = "JWT", ["kid"] = kid, ["jwk"] = jwk.DeepClone(), ["jku"] = "http://127.0.0.1:9/keys" });
            var text = $"{header}.{_token.Split('.')[1]}";
            var signature = own.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            await VerifyAsync($"{text}.{Base64Url.EncodeToString(signature)}", HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task What_we_signed_for_another_purpose_is_no_access_token()
    {
        var issuer = _identity.Service.Services.GetRequiredService<ITokenIssuer>();
        var good = Jwt.Read(_token).Claims;
        await VerifyAsync(await issuer.SignAsync(Copy(good), "JWT", default), HttpStatusCode.OK);
        await VerifyAsync(await issuer.SignAsync(Copy(good), "id+jwt", default), HttpStatusCode.Unauthorized);
        foreach (var (name, value) in new (string, JsonNode?)[]
        {
            ("exp", DateTimeOffset.UnixEpoch.ToUnixTimeSeconds() + 1_000_000),
            ("exp", null),
            ("exp", "tomorrow"),
            ("nbf", 4_000_000_000),
            ("aud", "todo"),
            ("aud", new JsonArray("retail", "todo")),
            ("aud", null),
            ("iss", "http://identity.localhost:8080/"),
            ("iss", "http://identity.evil.example"),
            ("sub", null),
            ("sid", Guid.NewGuid().ToString()),
            ("sid", null),
            ("userId", Guid.NewGuid().ToString()),
        })
        {
            var claims = Copy(good);
            claims.Remove(name);
            if (value is not null)
            {
                claims[name] = value;
            }

            if (name is "userId")
            {
                claims["sub"] = value!.DeepClone();
            }

            await VerifyAsync(await issuer.SignAsync(claims, "JWT", default), HttpStatusCode.Unauthorized, $"{name}: {value?.ToJsonString()}");
        }
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer a")]
    [InlineData("Bearer ...")]
    [InlineData("Bearer ~.~.~")]
    [InlineData("Basic YWRhOnNlY3JldA==")]
    [InlineData("bearer null")]
    public async Task Other_texts_are_no_tokens(string header)
    {
        using var response = await _identity.SendAsync(HttpMethod.Get, "/auth/verify", headers: ("Authorization", header));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_huge_token_is_refused() => await VerifyAsync($"{_token.Split('.')[0]}.{new string('A', 9000)}.AAAA", HttpStatusCode.Unauthorized);

    [Fact]
    public async Task A_token_ends_with_the_session_it_belongs_to_and_with_the_account()
    {
        var email = RunningIdentity.NewEmail();
        var token = (await _identity.RegisterAsync(email))["token"]!.GetValue<string>();
        await VerifyAsync(token, HttpStatusCode.OK);
        await _identity.Database.ExecuteAsync($"update users set is_active = false where email = '{email}'");
        await VerifyAsync(token, HttpStatusCode.Unauthorized);
    }

    private static JsonObject Copy(JsonObject claims) => claims.DeepClone().AsObject();

    private async Task VerifyAsync(string token, HttpStatusCode expected, string? what = null)
    {
        using var response = await _identity.SendAsync(HttpMethod.Get, "/auth/verify", bearer: token);
        Assert.True(expected == response.StatusCode, $"{what ?? token[..Math.Min(60, token.Length)]}: {(int)response.StatusCode}");
    }
}
