using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Titanic.Api.Changes;

/// <summary>
/// A personal value in a trail that nobody can correct: encrypted with the person's own key (AES-256-GCM), bound to whose it is and which
/// field. Once the key is destroyed it says nothing any more, and the trail's hashes still hold.
/// </summary>
internal static class Sealed
{
    private const string Member = "sealed";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public static JsonNode? Seal(byte[] key, Guid person, string pointer, JsonNode? value)
    {
        if (value is null)
        {
            return null;
        }

        var plain = Encoding.UTF8.GetBytes(value.ToJsonString());
        var bytes = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = bytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, bytes.AsSpan(NonceBytes, plain.Length), bytes.AsSpan(NonceBytes + plain.Length), Bound(person, pointer));
        return new JsonObject { [Member] = Base64Url.EncodeToString(bytes) };
    }

    /// <summary>The value; for what was erased, or was never this person's, a word that says so. What was not sealed stays as it is.</summary>
    public static JsonNode? Open(byte[]? key, Guid person, string pointer, JsonNode? value)
    {
        if (value is not JsonObject { Count: 1 } box || box[Member] is not JsonValue text)
        {
            return value?.DeepClone();
        }

        if (key is null || Decode(text.ToString()) is not { Length: >= NonceBytes + TagBytes } bytes)
        {
            return JsonValue.Create("[erased]");
        }

        var plain = new byte[bytes.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes, plain.Length), bytes.AsSpan(NonceBytes + plain.Length), plain, Bound(person, pointer));
            return JsonNode.Parse(plain);
        }
        catch (CryptographicException)
        {
            return JsonValue.Create("[erased]");
        }
    }

    private static byte[] Bound(Guid person, string pointer) => Encoding.UTF8.GetBytes($"{person:N}{pointer}");

    private static byte[]? Decode(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
