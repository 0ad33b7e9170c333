using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Identity.TwoFactor;

/// <summary>
/// Time-based one-time passwords (RFC 6238) with what every authenticator app supports: HMAC-SHA-1, six digits, steps of 30 seconds.
/// </summary>
internal static class Totp
{
    public const int Digits = 6;
    public const int SecretBytes = 20;

    private const int Modulus = 1_000_000;

    /// <summary>One step to either side: a telephone's clock drifts, and people type slowly.</summary>
    private const int Tolerance = 1;

    public static TimeSpan Step { get; } = TimeSpan.FromSeconds(30);

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    public static long StepAt(DateTimeOffset now) => now.ToUnixTimeSeconds() / (long)Step.TotalSeconds;

    public static string Code(ReadOnlySpan<byte> secret, long step) => Hotp(secret, step, Modulus).ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>
    /// The step the code belongs to, or null. A step at or before <paramref name="lastStep"/> is refused: a code seen over somebody's
    /// shoulder must not work a second time (RFC 6238, section 5.2).
    /// </summary>
    public static long? Match(ReadOnlySpan<byte> secret, string? code, DateTimeOffset now, long? lastStep)
    {
        if (!IsCode(code))
        {
            return null;
        }

        var current = StepAt(now);
        var asked = Encoding.ASCII.GetBytes(code!);
        long? matched = null;
        for (var step = current - Tolerance; step <= current + Tolerance; step++)
        {
            // Every candidate is compared, in constant time, so that the answer's duration says nothing about which one was near.
            var same = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Code(secret, step)), asked);
            if (same && step > (lastStep ?? long.MinValue) && matched is null)
            {
                matched = step;
            }
        }

        return matched;
    }

    public static bool IsCode(string? code) => code is { Length: Digits } && !code.AsSpan().ContainsAnyExceptInRange('0', '9');

    internal static int Hotp(ReadOnlySpan<byte> secret, long counter, int modulus)
    {
        Span<byte> message = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(message, counter);
        Span<byte> mac = stackalloc byte[20];
#pragma warning disable CA5350 // HMAC-SHA-1 is what authenticator apps compute, and as a MAC it is unbroken.
        HMACSHA1.HashData(secret, message, mac);
#pragma warning restore CA5350
        var offset = mac[^1] & 0xf;
        return (BinaryPrimitives.ReadInt32BigEndian(mac[offset..]) & int.MaxValue) % modulus;
    }
}
