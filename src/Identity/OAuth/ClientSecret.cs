using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Identity.OAuth;

/// <summary>
/// The secret of a confidential client. It is 256 random bits, made here and never chosen by a person, so one fast hash keeps it.
/// </summary>
internal static class ClientSecret
{
    private const int Bytes = 32;

    public static string New() => "slcs_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public static bool Matches(byte[]? hash, string? secret) =>
        hash is not null && secret is { Length: > 0 and <= 200 } && CryptographicOperations.FixedTimeEquals(hash, Hash(secret));
}
