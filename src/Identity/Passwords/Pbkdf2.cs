using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Identity.Passwords;

/// <summary>The hash for systems without libcrypt: <c>$pbkdf2-sha512$iterations$salt$hash</c>.</summary>
internal static class Pbkdf2
{
    /// <summary>About as much work as bcrypt with cost 10 on the machines this was measured on.</summary>
    public const int Iterations = 210_000;

    private const string Prefix = "$pbkdf2-sha512$";
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>A hash asking for more is refused, so that a damaged row cannot occupy a worker for minutes.</summary>
    private const int IterationsMax = 10_000_000;

    public static bool IsHash(string stored) => stored.StartsWith(Prefix, StringComparison.Ordinal);

    public static int IterationsOf(string stored) => TryRead(stored, out var iterations, out _, out _) ? iterations : 0;

    public static string Create(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Derive(password, salt, Iterations, HashBytes);
        return string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    public static bool Verify(string password, string stored) =>
        TryRead(stored, out var iterations, out var salt, out var hash)
        && CryptographicOperations.FixedTimeEquals(Derive(password, salt, iterations, hash.Length), hash);

    private static byte[] Derive(string password, byte[] salt, int iterations, int bytes) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA512, bytes);

    private static bool TryRead(string stored, out int iterations, out byte[] salt, out byte[] hash)
    {
        (iterations, salt, hash) = (0, [], []);
        if (!IsHash(stored))
        {
            return false;
        }

        var parts = stored[Prefix.Length..].Split('$');
        if (parts.Length != 3
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out iterations)
            || iterations is < 1 or > IterationsMax)
        {
            return false;
        }

        var saltBuffer = new byte[64];
        var hashBuffer = new byte[64];
        if (!Convert.TryFromBase64String(parts[1], saltBuffer, out var saltBytes) || saltBytes < 8
            || !Convert.TryFromBase64String(parts[2], hashBuffer, out var hashBytes) || hashBytes < 16)
        {
            return false;
        }

        (salt, hash) = (saltBuffer[..saltBytes], hashBuffer[..hashBytes]);
        return true;
    }
}
