using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Retail.Sandbox.Webhooks;

/// <summary><c>t=seconds,v1=hex</c>: the second part is an HMAC-SHA256 over <c>t.body</c>.</summary>
internal static class WebhookSigner
{
    public const string HeaderName = "Stripe-Signature";

    public static string Sign(ReadOnlySpan<byte> secret, DateTimeOffset at, string body)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var code = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{seconds}.{body}"));
        return $"t={seconds},v1={Convert.ToHexStringLower(code)}";
    }
}
