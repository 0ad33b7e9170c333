using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Identity.OAuth;

/// <summary>
/// Proof key for code exchange (RFC 7636). Only S256 is spoken: with the plain method whoever reads the front channel has the proof too.
/// </summary>
internal static class Pkce
{
    public const string Method = "S256";

    private const int ChallengeLength = 43;
    private const int VerifierMin = 43;
    private const int VerifierMax = 128;

    /// <summary>A SHA-256 in unpadded base64url and nothing else.</summary>
    public static bool IsChallenge(string? challenge) =>
        challenge is { Length: ChallengeLength } && Base64Url.IsValid(challenge, out var bytes) && bytes == SHA256.HashSizeInBytes;

    public static bool IsVerifier(string? verifier) =>
        verifier is { Length: >= VerifierMin and <= VerifierMax } && !verifier.AsSpan().ContainsAnyExcept(s_unreserved);

    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public static bool Matches(string challenge, string? verifier) =>
        IsVerifier(verifier) && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(ChallengeOf(verifier!)), Encoding.ASCII.GetBytes(challenge));

    private static readonly System.Buffers.SearchValues<char> s_unreserved =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");
}
