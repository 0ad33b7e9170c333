using System.Security.Cryptography;
using System.Text;

namespace Slipway.Identity.TwoFactor;

/// <summary>
/// Codes for the day the telephone is lost, each good for one use. Eighty random bits in four groups a person can type;
/// at that size a fast hash keeps them, bound to the account so that equal hashes say nothing.
/// </summary>
internal static class RecoveryCodes
{
    public const int Count = 10;

    private const int Bytes = 10;
    private const int Letters = 16;

    public static IReadOnlyList<string> New() => [.. Enumerable.Range(0, Count).Select(_ => Group(Base32.Encode(RandomNumberGenerator.GetBytes(Bytes))))];

    /// <summary>The letters alone, as typed with whatever case, spaces and dashes; null when it cannot be a code.</summary>
    public static string? Normalise(string? typed)
    {
        if (typed is null or { Length: > 40 })
        {
            return null;
        }

        var letters = string.Concat(typed.Where(letter => letter is not (' ' or '-'))).ToUpperInvariant();
        return letters.Length == Letters && Base32.Decode(letters) is not null ? letters : null;
    }

    public static byte[] Hash(Guid userId, string normalised) => SHA256.HashData(Encoding.ASCII.GetBytes($"{userId:N}:{normalised}"));

    private static string Group(string letters) => string.Join('-', letters.Chunk(4).Select(four => new string(four)));
}
