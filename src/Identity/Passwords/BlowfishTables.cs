using System.Numerics;

namespace Slipway.Identity.Passwords;

/// <summary>
/// What Blowfish begins with: the first binary digits of pi behind the point, 18 words of keys and four boxes of 256 words.
/// They are worked out rather than listed; it takes a tenth of a second, once, on a hashing thread.
/// </summary>
internal static class BlowfishTables
{
    public const int KeyWords = 18;
    public const int Words = KeyWords + (4 * 256);

    private const int WordBits = 32;

    /// <summary>The last digits of a sum of rounded terms are wrong; these are thrown away.</summary>
    private const int SpareBits = 64;

    public static uint[] Digits { get; } = Compute();

    private static uint[] Compute()
    {
        var one = BigInteger.One << ((Words * WordBits) + SpareBits);

        // Machin's formula.
        var pi = 4 * ((4 * ArcCotangent(5, one)) - ArcCotangent(239, one));
        var digits = (pi >> SpareBits) - (new BigInteger(3) << (Words * WordBits));
        var words = new uint[Words];
        for (var at = Words - 1; at >= 0; at--)
        {
            words[at] = (uint)(digits & uint.MaxValue);
            digits >>= WordBits;
        }

        return words;
    }

    private static BigInteger ArcCotangent(int of, BigInteger one)
    {
        var power = one / of;
        var sum = power;
        for (var (divisor, sign) = (3, -1); !power.IsZero; divisor += 2, sign = -sign)
        {
            power /= of * of;
            sum += sign * (power / divisor);
        }

        return sum;
    }
}
