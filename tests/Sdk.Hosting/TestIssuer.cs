using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Slipway.Sdk.Hosting;

/// <summary>
/// Stands where the identity service would: signs tokens, publishes its keys and knows API keys, over real HTTP. Give
/// <see cref="Environment"/> to the service under test.
/// </summary>
public sealed class TestIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, JsonObject> _apiKeys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ECDsa> _keys = new(StringComparer.Ordinal);
    private int _keysAsked;
    private int _waiting;

    private TestIssuer(WebApplication app)
    {
        _app = app;
        Rotate();
    }

    public Uri Address { get; private set; } = null!;

    public string Issuer => Address.GetLeftPart(UriPartial.Authority);

    public string KeyId { get; private set; } = "";

    /// <summary>How often somebody asked for the keys.</summary>
    public int KeysAsked => Volatile.Read(ref _keysAsked);

    /// <summary>While true every question is answered with 503.</summary>
    public bool Down { get; set; }

    /// <summary>While true no question is answered at all.</summary>
    public bool Hanging { get; set; }

    /// <summary>Questions that wait for an answer they will not get.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?> { ["IDENTITY_URL"] = Issuer };

    public static async Task<TestIssuer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var issuer = new TestIssuer(app);
        app.Run(issuer.AnswerAsync);
        await app.StartAsync();
        issuer.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return issuer;
    }

    /// <summary>From now on a new key signs; the old ones stay published.</summary>
    public void Rotate()
    {
        KeyId = $"key-{_keys.Count + 1}";
        _keys[KeyId] = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    }

    /// <summary>An access token as the identity service makes them.</summary>
    /// <param name="change">Last changes to the claims.</param>
    /// <param name="changeHeader">Last changes to the header.</param>
    public string Token(
        string audience,
        Guid? userId = null,
        IEnumerable<string>? scopes = null,
        IEnumerable<string>? roles = null,
        DateTimeOffset? now = null,
        TimeSpan? lifetime = null,
        Action<JsonObject>? change = null,
        Action<JsonObject>? changeHeader = null)
    {
        var id = userId ?? Guid.CreateVersion7();
        var issued = now ?? TimeProvider.System.GetUtcNow();
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = id.ToString(),
            ["aud"] = audience,
            ["iat"] = issued.ToUnixTimeSeconds(),
            ["exp"] = (issued + (lifetime ?? TimeSpan.FromMinutes(10))).ToUnixTimeSeconds(),
            ["jti"] = Guid.CreateVersion7().ToString(),
            ["userId"] = id.ToString(),
            ["email"] = $"{id:N}@example.test",
            ["email_verified"] = true,
            ["name"] = "Test Person",
            ["scope"] = string.Join(' ', scopes ?? []),
            ["roles"] = new JsonArray([.. (roles ?? []).Select(role => (JsonNode)role)]),
            ["amr"] = new JsonArray("pwd"),
        };
        change?.Invoke(claims);
        var header = new JsonObject { ["alg"] = "ES256", ["typ"] = "at+jwt", ["kid"] = KeyId };
        changeHeader?.Invoke(header);
        return Sign(header, claims);
    }

    public string Sign(JsonObject header, JsonObject claims)
    {
        var signed = $"{Encode(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        var signature = _keys[KeyId].SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{Encode(signature)}";
    }

    /// <summary>An API key whose holder has these claims.</summary>
    public string ApiKey(Guid userId, params string[] scopes)
    {
        var key = $"slp_test_{_apiKeys.Count}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        _apiKeys[key] = new JsonObject { ["sub"] = userId.ToString(), ["userId"] = userId.ToString(), ["scope"] = string.Join(' ', scopes) };
        return key;
    }

    public void Withdraw(string apiKey) => _apiKeys.TryRemove(apiKey, out _);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (Down)
        {
            http.Response.StatusCode = 503;
            return;
        }

        if (Hanging)
        {
            Interlocked.Increment(ref _waiting);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Decrement(ref _waiting);
            return;
        }

        switch (http.Request.Path.Value)
        {
            case "/oauth2/jwks":
                Interlocked.Increment(ref _keysAsked);
                await http.Response.WriteAsync(KeySet().ToJsonString());
                break;
            case "/api/v1/api-keys/check":
                using (var reader = new StreamReader(http.Request.Body))
                {
                    var key = (string?)JsonNode.Parse(await reader.ReadToEndAsync())?["key"] ?? "";
                    http.Response.StatusCode = _apiKeys.TryGetValue(key, out var claims) ? 200 : 401;
                    await http.Response.WriteAsync((claims ?? []).ToJsonString());
                }

                break;
            default:
                http.Response.StatusCode = 404;
                break;
        }
    }

    private JsonObject KeySet()
    {
        var keys = new JsonArray();
        foreach (var (kid, key) in _keys)
        {
            var point = key.ExportParameters(includePrivateParameters: false).Q;
            keys.Add((JsonNode)new JsonObject
            {
                ["kty"] = "EC",
                ["crv"] = "P-256",
                ["use"] = "sig",
                ["alg"] = "ES256",
                ["kid"] = kid,
                ["x"] = Encode(point.X!),
                ["y"] = Encode(point.Y!),
            });
        }

        return new JsonObject { ["keys"] = keys };
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
