using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Messaging;

/// <summary>
/// What the platform's broker and a service prove to each other: each service has a key (SLIPWAY_EVENTS_KEY) that only it and the
/// platform know. A service that was given none, because it does not run on the platform, neither signs nor asks for signatures.
/// </summary>
public sealed class DeliverySignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";
    public const string SignerHeader = "webhook-signer";

    private const string Scheme = "v1,";

    private static readonly TimeSpan s_tolerance = TimeSpan.FromMinutes(5);

    private readonly byte[]? _key;

    private DeliverySignature(byte[]? key, string? signer) => (_key, Signer) = (key, signer);

    /// <summary>The namespace and name the platform knows this service by; null when it has no key.</summary>
    public string? Signer { get; }

    public bool Required => _key is not null;

    internal static DeliverySignature Read(ServiceSettings settings)
    {
        var key = settings.Key("SLIPWAY_EVENTS_KEY");
        var place = settings.Text("SLIPWAY_EVENTS")?.TrimEnd('/');
        var name = settings.Text("K_SERVICE");
        return new DeliverySignature(key, key is null || place is null || name is null ? null : $"{place[(place.LastIndexOf('/') + 1)..]}/{name}");
    }

    /// <summary>The headers that go with a message; none without a key.</summary>
    public IEnumerable<KeyValuePair<string, string>> Sign(string id, string type, string source, string? subject, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (_key is null || Signer is null)
        {
            return [];
        }

        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return
        [
            new(IdHeader, id), new(TimestampHeader, timestamp), new(SignerHeader, Signer),
            new(SignatureHeader, Scheme + Convert.ToBase64String(Compute(_key, id, timestamp, type, source, subject, body))),
        ];
    }

    /// <summary>Null when the message is what the broker sent within the last minutes, else what is wrong.</summary>
    public string? Mistake(string? id, string? timestamp, string? signatures, string type, string source, string? subject, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (_key is null)
        {
            return null;
        }

        if (id is null || timestamp is null || signatures is null)
        {
            return $"The headers {IdHeader}, {TimestampHeader} and {SignatureHeader} are needed.";
        }

        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(now.ToUnixTimeSeconds() - seconds) > s_tolerance.TotalSeconds)
        {
            return $"{TimestampHeader} is not of the last {s_tolerance.TotalMinutes} minutes.";
        }

        // Several at once while a key is being changed.
        var expected = Compute(_key, id, timestamp, type, source, subject, body);
        Span<byte> given = stackalloc byte[64];
        foreach (var signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (signature.StartsWith(Scheme, StringComparison.Ordinal)
                && Convert.TryFromBase64String(signature[Scheme.Length..], given, out var length)
                && CryptographicOperations.FixedTimeEquals(given[..length], expected))
            {
                return null;
            }
        }

        return "The signature is not the broker's.";
    }

    private static byte[] Compute(byte[] key, string id, string timestamp, string type, string source, string? subject, ReadOnlySpan<byte> body)
    {
        var text = $"{id}.{timestamp}.{Convert.ToHexStringLower(SHA256.HashData(body))}.{type}.{source}.{subject}";
        return HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
    }
}
