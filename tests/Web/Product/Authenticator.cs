using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Slipway.Web.Tests.Product;

/// <summary>The app on a person's telephone (RFC 6238: SHA-1, six digits, thirty seconds), made from the key that the page shows.</summary>
internal sealed class Authenticator(string shownKey)
{
    private const int StepSeconds = 30;

    private readonly byte[] _key = Decode(shownKey);
    private long _lastStep = -1;

    /// <summary>
    /// The code of now. A service takes each code once, so a person who needs the next one waits for it, and so do we: by a step into the
    /// allowed future rather than by time.
    /// </summary>
    public string Code()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / StepSeconds;
        _lastStep = Math.Max(now, _lastStep + 1);
        return Of(_lastStep);
    }

    private string Of(long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The standard of authenticator apps prescribes SHA-1.
        HMACSHA1.HashData(_key, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 15)..]) & 0x7fff_ffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string text)
    {
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bytes = new List<byte>();
        var (buffer, bits) = (0, 0);
        foreach (var letter in text.Where(letter => !char.IsWhiteSpace(letter) && letter != '='))
        {
            buffer = ((buffer << 5) | Letters.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal)) & 0xffff;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(buffer >> bits));
            }
        }

        return [.. bytes];
    }
}
