using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Sdk.Sessions;

/// <summary>Everything that needs the session key: sealing tokens and sign-ins, and the tokens that prove a page's requests.</summary>
internal sealed class SessionSeal : IDisposable
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly AesGcm _tokens;
    private readonly AesGcm _signIns;
    private readonly byte[] _csrf;

    // What the key before this one sealed can still be opened, so that a change of keys signs nobody out.
    private readonly SessionSeal? _before;

    public SessionSeal(byte[] key, byte[]? previous = null)
    {
        _before = previous is null ? null : new SessionSeal(previous);
        _tokens = new AesGcm(Derive(key, "session tokens"), TagBytes);
        _signIns = new AesGcm(Derive(key, "sign-ins"), TagBytes);
        _csrf = Derive(key, "csrf tokens");
    }

    /// <summary>Bound to the session: what is sealed for one cannot be moved into the row of another.</summary>
    public byte[] SealTokens(byte[] sessionId, byte[] plain) => Seal(_tokens, plain, sessionId);

    /// <summary>Null if the key is another one, or the row was tampered with.</summary>
    public byte[]? OpenTokens(byte[] sessionId, byte[] @sealed) => Open(_tokens, @sealed, sessionId) ?? _before?.OpenTokens(sessionId, @sealed);

    public string SealSignIn(string state, byte[] plain) => Base64Url.EncodeToString(Seal(_signIns, plain, Encoding.UTF8.GetBytes(state)));

    public byte[]? OpenSignIn(string state, string text) =>
        Base64Url.IsValid(text) ? Open(_signIns, Base64Url.DecodeFromChars(text), Encoding.UTF8.GetBytes(state)) ?? _before?.OpenSignIn(state, text) : null;

    /// <summary>Follows from the cookie, so it needs no place of its own and ends with the session.</summary>
    public string CsrfToken(string cookie) => Base64Url.EncodeToString(HMACSHA256.HashData(_csrf, Encoding.UTF8.GetBytes(cookie)));

    public bool IsCsrfToken(string cookie, string? token) =>
        token is not null
        && (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CsrfToken(cookie)), Encoding.UTF8.GetBytes(token)) || _before?.IsCsrfToken(cookie, token) is true);

    public void Dispose()
    {
        _tokens.Dispose();
        _signIns.Dispose();
        _before?.Dispose();
    }

    private static byte[] Seal(AesGcm cipher, byte[] plain, byte[] context)
    {
        var message = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(message.AsSpan(0, NonceBytes));
        lock (cipher)
        {
            cipher.Encrypt(message.AsSpan(0, NonceBytes), plain, message.AsSpan(NonceBytes + TagBytes), message.AsSpan(NonceBytes, TagBytes), context);
        }

        return message;
    }

    private static byte[]? Open(AesGcm cipher, byte[] message, byte[] context)
    {
        if (message.Length < NonceBytes + TagBytes)
        {
            return null;
        }

        var plain = new byte[message.Length - NonceBytes - TagBytes];
        try
        {
            lock (cipher)
            {
                cipher.Decrypt(message.AsSpan(0, NonceBytes), message.AsSpan(NonceBytes + TagBytes), message.AsSpan(NonceBytes, TagBytes), plain, context);
            }

            return plain;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static byte[] Derive(byte[] key, string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: Encoding.UTF8.GetBytes("slipway " + purpose));
}
