using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Slipway.Model.Resources;

namespace Slipway.Store.Journal;

/// <summary>A row of a Secret as the database sees it: the open part without the secrets, and the sealed part.</summary>
internal readonly record struct SealedRow(ObjectMeta Metadata, ReadOnlyMemory<byte> Body, byte[] Sealed);

/// <summary>
/// Encrypts what a Secret must not show in the database: its body, and its annotations, since clients keep a copy of the manifest there.
/// AES-256-GCM, bound to the object's uid, so that one row's secret cannot be moved to another. Layout: one byte format, eight
/// bytes of key fingerprint, nonce, tag, ciphertext; inside, the length of the annotations, the annotations, the body.
/// </summary>
internal sealed class Sealing : IDisposable
{
    public const int KeyBytes = 32;

    private const byte Format = 1;
    private const int FingerprintBytes = 8;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeaderBytes = 1 + FingerprintBytes + NonceBytes + TagBytes;

    private readonly AesGcm _cipher;
    private readonly byte[] _fingerprint;

    public Sealing(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyBytes)
        {
            throw new ArgumentException($"The key for secrets has {key.Length} bytes; it needs {KeyBytes}.", nameof(key));
        }

        _cipher = new AesGcm(key, TagBytes);
        _fingerprint = SHA256.HashData(key)[..FingerprintBytes];
    }

    public static bool Concerns(ResourceKind kind) => kind == Kinds.Secret;

    public SealedRow Seal(Resource secret)
    {
        var annotations = JsonSerializer.SerializeToUtf8Bytes(secret.Metadata.Annotations, SealingJson.Default.DictionaryStringString);
        var clear = new byte[sizeof(int) + annotations.Length + secret.Body.Length];
        BinaryPrimitives.WriteInt32BigEndian(clear, annotations.Length);
        annotations.CopyTo(clear, sizeof(int));
        secret.Body.Span.CopyTo(clear.AsSpan(sizeof(int) + annotations.Length));

        var box = new byte[HeaderBytes + clear.Length];
        box[0] = Format;
        _fingerprint.CopyTo(box, 1);
        var nonce = box.AsSpan(1 + FingerprintBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        _cipher.Encrypt(nonce, clear, box.AsSpan(HeaderBytes), box.AsSpan(HeaderBytes - TagBytes, TagBytes), Encoding.ASCII.GetBytes(secret.Uid));
        CryptographicOperations.ZeroMemory(clear);
        return new SealedRow(secret.Metadata with { Annotations = null }, "{}"u8.ToArray(), box);
    }

    /// <summary>Throws <see cref="CryptographicException"/> when the key is another one or the row was tampered with.</summary>
    public Resource Open(ResourceKind kind, SealedRow row)
    {
        var box = row.Sealed.AsSpan();
        if (box.Length < HeaderBytes + sizeof(int) || box[0] != Format)
        {
            throw new CryptographicException("it is not in a form this Slipway knows");
        }

        if (!box.Slice(1, FingerprintBytes).SequenceEqual(_fingerprint))
        {
            throw new CryptographicException("it was sealed with another key");
        }

        var clear = new byte[box.Length - HeaderBytes];
        _cipher.Decrypt(
            box.Slice(1 + FingerprintBytes, NonceBytes),
            box[HeaderBytes..],
            box.Slice(HeaderBytes - TagBytes, TagBytes),
            clear,
            Encoding.ASCII.GetBytes(row.Metadata.Uid ?? ""));
        var length = BinaryPrimitives.ReadInt32BigEndian(clear);
        var annotations = JsonSerializer.Deserialize(clear.AsSpan(sizeof(int), length), SealingJson.Default.DictionaryStringString);
        return new Resource(kind, row.Metadata with { Annotations = annotations }, clear.AsSpan(sizeof(int) + length).ToArray());
    }

    public void Dispose() => _cipher.Dispose();
}

[System.Text.Json.Serialization.JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class SealingJson : System.Text.Json.Serialization.JsonSerializerContext;
