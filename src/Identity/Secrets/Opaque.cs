using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Identity.Secrets;

/// <summary>Random texts that let somebody in: links in mail, refresh tokens, cookies. Only their hash is ever stored.</summary>
public static class Opaque
{
    public const int Bytes = 32;

    /// <summary>Length of the text; anything else need not be looked up.</summary>
    public const int Characters = 43;

    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public static bool IsWellFormed(string? text) => text is { Length: Characters } && Base64Url.IsValid(text);

    /// <summary>256 random bits need no slow hash: there is nothing to guess.</summary>
    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
