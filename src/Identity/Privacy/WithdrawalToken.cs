using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Slipway.Identity.Privacy;

/// <summary>
/// Proof that somebody asked for this very erasure, made from a key instead of being stored: account, moment of the request, and a
/// signature over both. Once the erasure is withdrawn or carried out there is no request of that moment any more, so it is used up.
/// </summary>
internal sealed class WithdrawalToken(byte[][] keys)
{
    private const int IdBytes = 16;
    private const int ClaimBytes = IdBytes + 8;

    public string Write(Erasure erasure)
    {
        Span<byte> token = stackalloc byte[ClaimBytes + HMACSHA256.HashSizeInBytes];
        erasure.UserId.TryWriteBytes(token, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(token[IdBytes..], Moment(erasure.RequestedAt));
        HMACSHA256.HashData(keys[0], token[..ClaimBytes], token[ClaimBytes..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>The account and moment it was made for, or null when it was not made here.</summary>
    public (Guid UserId, long Moment)? Read(string? text)
    {
        Span<byte> token = stackalloc byte[ClaimBytes + HMACSHA256.HashSizeInBytes];
        if (text is not { Length: 75 } || !Base64Url.TryDecodeFromChars(text, token, out var length) || length != token.Length)
        {
            return null;
        }

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var key in keys)
        {
            HMACSHA256.HashData(key, token[..ClaimBytes], expected);
            if (CryptographicOperations.FixedTimeEquals(expected, token[ClaimBytes..]))
            {
                return (new Guid(token[..IdBytes], bigEndian: true), BinaryPrimitives.ReadInt64BigEndian(token[IdBytes..]));
            }
        }

        return null;
    }

    /// <summary>As fine as the database keeps it.</summary>
    public static long Moment(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMicrosecond;
}
