using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Slipway.Gateway.Policies;

/// <summary>The ES256 keys of a JSON Web Key Set. Keys of other kinds are left out: nothing is ever verified with them.</summary>
internal sealed class KeySet
{
    private readonly List<(string? Id, ECParameters Parameters)> _keys = [];

    public int Count => _keys.Count;

    public static KeySet? TryParse(string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            var set = new KeySet();
            foreach (var key in document.RootElement.GetProperty("keys").EnumerateArray())
            {
                set.Add(key);
            }

            return set;
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Tries the named key, or every key when the token names none.</summary>
    public bool Verify(string? keyId, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        foreach (var (id, parameters) in _keys)
        {
            if (keyId is not null && id is not null && id != keyId)
            {
                continue;
            }

            // An ECDsa object is not safe for several threads; making one costs far less than the verification.
            using var key = ECDsa.Create(parameters);
            if (key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
            {
                return true;
            }
        }

        return false;
    }

    private void Add(JsonElement key)
    {
        if (Text(key, "kty") != "EC" || Text(key, "crv") != "P-256" || Text(key, "alg") is not (null or "ES256") || Text(key, "use") is not (null or "sig"))
        {
            return;
        }

        var parameters = new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(Text(key, "x")), Y = Base64Url.DecodeFromChars(Text(key, "y")) },
        };
        try
        {
            // A point that is not on the curve is refused here rather than at the first token.
            ECDsa.Create(parameters).Dispose();
        }
        catch (CryptographicException)
        {
            return;
        }

        _keys.Add((Text(key, "kid"), parameters));
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
