using System.Security.Cryptography;
using System.Text;

namespace Slipway.Control.Databases;

/// <summary>
/// The form in which PostgreSQL stores a password (RFC 5803). Sending this instead of the password keeps the password out
/// of statements, and so out of the server's log.
/// </summary>
internal static class ScramVerifier
{
    private const int Rounds = 4096;

    public static string Of(string password) => Of(password, RandomNumberGenerator.GetBytes(16));

    public static string Of(string password, byte[] salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Rounds, HashAlgorithmName.SHA256, 32);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Rounds}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }
}
