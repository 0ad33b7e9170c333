using Slipway.Sdk.Hosting;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Todo.Insights.Tests;

/// <summary>An identity service that gives its key and signs tokens with it.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private Neighbour _server = null!;

    public Uri Address => _server.Address;

    public static async Task<Issuer> StartAsync()
    {
        var issuer = new Issuer();
        var point = issuer._key.ExportParameters(false).Q;
        var keys = new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "EC", ["crv"] = "P-256", ["use"] = "sig", ["alg"] = "ES256", ["kid"] = "k1",
                ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y),
            }),
        }.ToJsonString();
        issuer._server = await Neighbour.StartAsync(http =>
        {
            http.Response.ContentType = "application/json";
            return http.Response.WriteAsync(keys);
        });
        return issuer;
    }

    public string Token(string scope, string audience = "todo")
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var header = new JsonObject { ["alg"] = "ES256", ["typ"] = "at+jwt", ["kid"] = "k1" };
        var claims = new JsonObject
        {
            ["iss"] = Address.GetLeftPart(UriPartial.Authority), ["sub"] = "user-1", ["aud"] = audience, ["exp"] = now + 600, ["iat"] = now, ["jti"] = Guid.NewGuid().ToString(), ["scope"] = scope,
        };
        var signed = Part(header) + "." + Part(claims);
        return signed + "." + Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _key.Dispose();
    }

    private static string Part(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
