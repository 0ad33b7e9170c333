using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Callers;

/// <summary>The P-256 signing keys of an issuer by key id. Keys of other kinds in the set are passed over.</summary>
public sealed class JsonWebKeys
{
    private const int KeysMax = 50;
    private const int CoordinateBytes = 32;

    private readonly Dictionary<string, ECParameters> _keys = new(StringComparer.Ordinal);

    public static JsonWebKeys None { get; } = new();

    public int Count => _keys.Count;

    public bool Knows(string kid) => _keys.ContainsKey(kid);

    /// <summary>Whether the signature (r and s, 32 bytes each) over the text was made with that key.</summary>
    public bool Verify(string kid, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        if (!_keys.TryGetValue(kid, out var key) || signature.Length != 2 * CoordinateBytes)
        {
            return false;
        }

        using var algorithm = ECDsa.Create(key);
        return algorithm.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public static Outcome<JsonWebKeys> Parse(ReadOnlyMemory<byte> document)
    {
        try
        {
            using var json = JsonDocument.Parse(document);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("keys", out var list)
                || list.ValueKind != JsonValueKind.Array)
            {
                return Unusable("it has no list of keys");
            }

            var keys = new JsonWebKeys();
            foreach (var item in list.EnumerateArray().Take(KeysMax))
            {
                keys.Add(item);
            }

            return keys;
        }
        catch (JsonException)
        {
            return Unusable("it is not JSON");
        }
    }

    private void Add(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object
            || TextOf(item, "kty") != "EC"
            || TextOf(item, "crv") != "P-256"
            || TextOf(item, "use") is not (null or "sig")
            || TextOf(item, "alg") is not (null or "ES256")
            || TextOf(item, "kid") is not { Length: > 0 and <= 200 } kid
            || Coordinate(item, "x") is not { } x
            || Coordinate(item, "y") is not { } y)
        {
            return;
        }

        var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } };
        try
        {
            // A point beside the curve is refused here rather than at the first token.
            using var algorithm = ECDsa.Create(parameters);
            _keys[kid] = parameters;
        }
        catch (CryptographicException)
        {
        }
    }

    private static byte[]? Coordinate(JsonElement item, string name)
    {
        if (TextOf(item, name) is not { Length: <= 64 } text || !Base64Url.IsValid(text))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        return bytes.Length == CoordinateBytes ? bytes : null;
    }

    private static string? TextOf(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Problem Unusable(string why) =>
        Problem.Unavailable("identityUnavailable", $"The issuer's key set cannot be used: {why}.", TimeSpan.FromSeconds(10));
}
