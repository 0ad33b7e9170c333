using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Eventing.Events;

namespace Slipway.Eventing.Signing;

/// <summary>
/// Who sent this, and that nobody changed it: an HMAC over the event's identity, the time of sending and the body.
/// </summary>
internal static class Signature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary><c>namespace/service</c> of the sender, whose key it is.</summary>
    public const string SignerHeader = "webhook-signer";

    private const string Version = "v1,";

    /// <summary>How far the clocks of two machines may be apart, and how long a recorded request can be used again.</summary>
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(5);

    public static string Of(ReadOnlySpan<byte> key, string id, long timestamp, ReadOnlySpan<byte> body, string type, string source, string? subject)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{id}.{timestamp}.{Convert.ToHexStringLower(SHA256.HashData(body))}.{type}.{source}.{subject ?? ""}");
        return Version + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    public static string Of(ReadOnlySpan<byte> key, CloudEvent told, long timestamp, ReadOnlySpan<byte> body) =>
        Of(key, told.Id, timestamp, body, told.Type, told.Source, told.Subject);

    /// <summary>Null when the signature is right, else what is wrong with it. Several signatures may stand in one header, apart by blanks.</summary>
    public static string? Objection(ReadOnlySpan<byte> key, Signed signed, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (!long.TryParse(signed.Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var timestamp) || timestamp > 253_402_300_799)
        {
            return $"{TimestampHeader} must be seconds since 1970";
        }

        if ((now - DateTimeOffset.FromUnixTimeSeconds(timestamp)).Duration() > s_window)
        {
            return $"{TimestampHeader} is more than {s_window.TotalMinutes:0} minutes from now";
        }

        var right = Encoding.UTF8.GetBytes(Of(key, signed.Id, timestamp, body, signed.Type, signed.Source, signed.Subject));
        foreach (var given in signed.Signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), right))
            {
                return null;
            }
        }

        return $"{SignatureHeader} does not fit the event and the key of its signer";
    }
}

/// <summary>What was signed. A batch is signed as a whole, with an id of its own and neither type nor source.</summary>
internal sealed record Signed(string Id, string Timestamp, string Signatures, string Type, string Source, string? Subject);
