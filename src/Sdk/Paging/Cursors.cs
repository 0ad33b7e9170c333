using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Paging;

/// <summary>
/// Signed positions in a list. A cursor only continues the very list it was made for: same order, same filter, same caller.
/// Layout: seconds (8 bytes) · keys, each with a length of 2 bytes · signature (16 bytes), all in base64url.
/// </summary>
public sealed class Cursors(byte[] key, TimeProvider time)
{
    private const int SignatureBytes = 16;
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(24);

    public string Write(PageRequest page, string filterAndCaller, params string[] keys)
    {
        var body = new byte[8 + keys.Sum(text => 2 + Encoding.UTF8.GetByteCount(text))];
        BinaryPrimitives.WriteInt64BigEndian(body, time.GetUtcNow().ToUnixTimeSeconds());
        var at = 8;
        foreach (var text in keys)
        {
            var length = Encoding.UTF8.GetBytes(text, body.AsSpan(at + 2));
            BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(at), checked((ushort)length));
            at += 2 + length;
        }

        return Base64Url.EncodeToString([.. body, .. Signature(body, page, filterAndCaller)]);
    }

    /// <summary>The keys of the last item seen; an empty list for the first page.</summary>
    public Outcome<string[]> Read(PageRequest page, string filterAndCaller)
    {
        if (page.Cursor is null)
        {
            return Array.Empty<string>();
        }

        if (Decode(page.Cursor) is not { Length: >= 8 + SignatureBytes } bytes)
        {
            return Mismatch();
        }

        var body = bytes.AsSpan(..^SignatureBytes);
        if (!CryptographicOperations.FixedTimeEquals(Signature(body, page, filterAndCaller), bytes.AsSpan(^SignatureBytes..)))
        {
            return Mismatch();
        }

        var age = time.GetUtcNow().ToUnixTimeSeconds() - BinaryPrimitives.ReadInt64BigEndian(body);
        return age > s_lifetime.TotalSeconds
            ? new Problem(410, "cursorExpired", "The list has moved on", "This cursor is older than 24 hours. Begin again at the first page.")
            : Keys(body[8..]);
    }

    private static string[] Keys(ReadOnlySpan<byte> bytes)
    {
        var keys = new List<string>();
        while (bytes.Length > 0)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
            keys.Add(Encoding.UTF8.GetString(bytes.Slice(2, length)));
            bytes = bytes[(2 + length)..];
        }

        return [.. keys];
    }

    private byte[] Signature(ReadOnlySpan<byte> body, PageRequest page, string filterAndCaller)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(body);
        hash.AppendData(Encoding.UTF8.GetBytes($"\n{page.Sort}\n{page.Descending}\n{filterAndCaller}"));
        return hash.GetHashAndReset()[..SignatureBytes];
    }

    private static byte[]? Decode(string cursor)
    {
        try
        {
            return Base64Url.DecodeFromChars(cursor);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static Problem Mismatch() =>
        new(400, "cursorMismatch", "The cursor belongs to another list", "Use a cursor only with the order and filters it came with, and unchanged.");
}
