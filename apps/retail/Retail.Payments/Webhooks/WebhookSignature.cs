using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Sdk.Settings;

namespace Retail.Payments.Webhooks;

/// <summary>Proves that the provider wrote a body, and lately. Two secrets count at a time, so that one can be replaced.</summary>
internal sealed class WebhookSignature(IReadOnlyList<byte[]> secrets)
{
    public const string HeaderName = "Stripe-Signature";

    private const int SignaturesMax = 5;

    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdefABCDEF");

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    public static WebhookSignature Read(ServiceSettings settings)
    {
        var secret = settings.Key("WEBHOOK_SECRET");
        if (secret is null)
        {
            settings.Mistaken("WEBHOOK_SECRET is missing; the payment provider signs its webhooks with it.");
        }

        return new WebhookSignature([.. new[] { secret, settings.Key("WEBHOOK_SECRET_PREVIOUS") }.OfType<byte[]>()]);
    }

    /// <summary>Null when it is right, else what is wrong with it.</summary>
    public string? Mistake(string? header, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (header is not { Length: > 0 and <= 1000 })
        {
            return $"The header {HeaderName} is missing.";
        }

        string? seconds = null;
        var signatures = new List<byte[]>();
        foreach (var part in header.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("t=", StringComparison.Ordinal))
            {
                seconds = part[2..];
            }
            else if (part.StartsWith("v1=", StringComparison.Ordinal) && part.Length == 67 && signatures.Count < SignaturesMax && part.AsSpan(3).IndexOfAnyExcept(s_hex) < 0)
            {
                signatures.Add(Convert.FromHexString(part[3..]));
            }
        }

        if (!long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || signatures.Count == 0)
        {
            return $"{HeaderName} must be t=seconds,v1=signature.";
        }

        if (Math.Abs(now.ToUnixTimeSeconds() - at) > Window.TotalSeconds)
        {
            return "The webhook was signed more than five minutes ago or ahead.";
        }

        byte[] signed = [.. Encoding.ASCII.GetBytes($"{at.ToString(CultureInfo.InvariantCulture)}."), .. body];
        var right = false;
        foreach (var secret in secrets)
        {
            var expected = HMACSHA256.HashData(secret, signed);
            foreach (var signature in signatures)
            {
                right |= CryptographicOperations.FixedTimeEquals(expected, signature);
            }
        }

        return right ? null : "The signature fits none of the active secrets.";
    }
}
