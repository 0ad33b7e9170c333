using System.Security.Cryptography;
using System.Text;

namespace Slipway.Identity.Secrets;

/// <summary>
/// Encrypts what the database may hold but not show: signing keys, second-factor secrets. AES-256-GCM under a key derived from
/// IDENTITY_MASTER_KEY; the purpose is bound to the text, so a sealed value cannot be moved to another row or column.
/// </summary>
public sealed class Seal
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const byte Format = 1;

    private readonly byte[] _master;
    private readonly byte[][] _sessions;

    public Seal(byte[] masterKey, byte[] sessionKey, byte[]? previousSessionKey = null)
    {
        _master = HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, 32, info: "slipway identity sealing"u8.ToArray());
        _sessions = previousSessionKey is null ? [sessionKey] : [sessionKey, previousSessionKey];
    }

    public byte[] Close(ReadOnlySpan<byte> plain, string purpose)
    {
        var closed = new byte[1 + NonceBytes + TagBytes + plain.Length];
        closed[0] = Format;
        var nonce = closed.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_master, TagBytes);
        cipher.Encrypt(nonce, plain, closed.AsSpan(1 + NonceBytes + TagBytes), closed.AsSpan(1 + NonceBytes, TagBytes), Encoding.UTF8.GetBytes(purpose));
        return closed;
    }

    /// <summary>Null when the text was sealed with another master key, for another purpose, or was damaged.</summary>
    public byte[]? Open(ReadOnlySpan<byte> closed, string purpose)
    {
        if (closed.Length < 1 + NonceBytes + TagBytes || closed[0] != Format)
        {
            return null;
        }

        var plain = new byte[closed.Length - 1 - NonceBytes - TagBytes];
        using var cipher = new AesGcm(_master, TagBytes);
        try
        {
            cipher.Decrypt(
                closed.Slice(1, NonceBytes),
                closed[(1 + NonceBytes + TagBytes)..],
                closed.Slice(1 + NonceBytes, TagBytes),
                plain,
                Encoding.UTF8.GetBytes(purpose));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>A key for one purpose, derived from SESSION_KEY: equal in every instance, unrelated to the keys of other purposes.</summary>
    public byte[] KeyFor(string purpose) => KeysFor(purpose)[0];

    /// <summary>The same with the key of SESSION_KEY_PREVIOUS behind it, if there is one: what that key made is still believed, nothing new is made with it.</summary>
    public byte[][] KeysFor(string purpose) =>
        [.. _sessions.Select(key => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: Encoding.UTF8.GetBytes(purpose)))];
}
