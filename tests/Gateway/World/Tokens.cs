using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Gateway.Tests.World;

/// <summary>Issues tokens, honest and hostile ones.</summary>
internal sealed class Tokens : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Jwks
    {
        get
        {
            var point = _key.ExportParameters(false).Q;
            return $$"""{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"},{"kty":"EC","crv":"P-256","alg":"ES256","kid":"k1","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}]}""";
        }
    }

    public string Sign(string claims, string header = """{"alg":"ES256","typ":"at+jwt","kid":"k1"}""")
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static string Claims(string subject = "ada", string issuer = "https://id.example", string audience = "shop", int expiresIn = 600) =>
        $$"""{"iss":"{{issuer}}","aud":["{{audience}}"],"sub":"{{subject}}","exp":{{TimeProvider.System.GetUtcNow().AddSeconds(expiresIn).ToUnixTimeSeconds()}}}""";

    public void Dispose() => _key.Dispose();
}
