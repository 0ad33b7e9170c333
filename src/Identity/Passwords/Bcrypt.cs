using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Identity.Passwords;

/// <summary>bcrypt hashes of the form <c>$2b$10$</c>, 22 characters of salt and 31 of hash.</summary>
internal static class Bcrypt
{
    public const int CostMin = 4;
    public const int CostMax = 16;

    /// <summary>Of a setting such as <c>$2b$10$</c> with its salt, and of every stored hash's beginning.</summary>
    public const int SettingCharacters = 29;

    private const int SaltBytes = 16;
    private const int HashCharacters = 60;

    /// <summary>bcrypt reads no further. Longer passwords are condensed first, because silently ignoring their tail would weaken them.</summary>
    private const int PhraseBytesMax = 72;

    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static bool IsHash(string stored) =>
        stored.Length == HashCharacters && stored[0] == '$' && stored[1] == '2' && stored[2] is 'a' or 'b' or 'y' && stored[3] == '$' && stored[6] == '$';

    /// <summary>The cost a stored hash was made with, or 0 when the text is no bcrypt hash.</summary>
    public static int CostOf(string stored) => IsHash(stored) ? CostOf(stored.AsSpan()) : 0;

    /// <summary>The same of anything that begins like a hash.</summary>
    internal static int CostOf(ReadOnlySpan<char> setting) => int.TryParse(setting.Slice(4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var cost) ? cost : 0;

    public static string Create(string password, int cost) => LibCrypt.Hash(Phrase(password), NewSetting(cost)) ?? throw Refused(cost);

    public static bool Verify(string password, string stored) => Matches(LibCrypt.Hash(Phrase(password), stored), stored);

    public static bool Matches(string? computed, string stored) =>
        computed is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(computed), Encoding.ASCII.GetBytes(stored));

    /// <summary>A setting with a salt nobody has used.</summary>
    public static string NewSetting(int cost) => Setting(cost, RandomNumberGenerator.GetBytes(SaltBytes));

    public static InvalidOperationException Refused(int cost) => new($"libcrypt refused bcrypt with cost {cost}.");

    public static string Setting(int cost, ReadOnlySpan<byte> salt) => $"$2b${cost:00}${Encode(salt)}";

    internal static byte[] Phrase(string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        return bytes.Length <= PhraseBytesMax ? bytes : Encoding.ASCII.GetBytes(Convert.ToBase64String(SHA384.HashData(bytes)));
    }

    /// <summary>bcrypt's own base64: another alphabet and no padding.</summary>
    internal static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(22);
        for (var at = 0; at < bytes.Length; at += 3)
        {
            var group = (bytes[at] << 16) | (At(bytes, at + 1) << 8) | At(bytes, at + 2);
            var characters = Math.Min(bytes.Length - at, 3) + 1;
            for (var index = 0; index < characters; index++)
            {
                text.Append(Alphabet[(group >> (18 - (6 * index))) & 63]);
            }
        }

        return text.ToString();
    }

    /// <summary>The salt in a setting or stored hash; null when it is written in other letters.</summary>
    internal static byte[]? SaltOf(string setting)
    {
        var salt = new byte[SaltBytes];
        var (bits, count, at) = (0, 0, 0);
        foreach (var letter in setting.AsSpan(7, SettingCharacters - 7))
        {
            if (Alphabet.IndexOf(letter, StringComparison.Ordinal) is var value && value < 0)
            {
                return null;
            }

            (bits, count) = ((bits << 6) | value, count + 6);
            if (count >= 8 && at < SaltBytes)
            {
                count -= 8;
                salt[at++] = (byte)(bits >> count);
                bits &= (1 << count) - 1;
            }
        }

        return salt;
    }

    private static int At(ReadOnlySpan<byte> bytes, int index) => index < bytes.Length ? bytes[index] : 0;
}
