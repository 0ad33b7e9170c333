using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Sdk.Auditing;

/// <summary>
/// The hash of a link: of the hash before it and every field of its entry. With AUDIT_KEY it cannot be computed by somebody
/// who only has the database. Pure.
/// </summary>
internal static class AuditHash
{
    public static byte[] First { get; } = new byte[32];

    public static byte[] Of(byte[]? key, byte[] previous, long seq, StoredAuditEntry entry)
    {
        using var hash = key is null ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(previous);
        Number(hash, seq);
        hash.AppendData(entry.Id.ToByteArray(bigEndian: true));
        Number(hash, entry.At.UtcTicks / TimeSpan.TicksPerMicrosecond);
        foreach (var text in new[]
        {
            entry.ActorType, entry.ActorId, entry.OnBehalfOf, entry.Action, entry.TargetType, entry.TargetId, entry.Changes, entry.Reason, entry.RequestId,
            entry.TraceId, entry.ClientIp,
        })
        {
            // The length in front keeps "ab" + "c" apart from "a" + "bc", and absent apart from empty.
            var bytes = text is null ? null : Encoding.UTF8.GetBytes(text);
            Number(hash, bytes?.Length ?? -1);
            hash.AppendData(bytes ?? []);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>The seal of the chain's beginning, under a word that no link's hash starts with.</summary>
    public static byte[] OfAnchor(byte[]? key, AuditAnchor anchor)
    {
        using var hash = key is null ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData("beginning of the audit chain"u8);
        Number(hash, anchor.Seq);
        hash.AppendData(anchor.Hash);
        return hash.GetHashAndReset();
    }

    private static void Number(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}

/// <summary>An entry exactly as its row holds it, changes as text.</summary>
internal sealed record StoredAuditEntry(
    Guid Id,
    DateTimeOffset At,
    string ActorType,
    string ActorId,
    string? OnBehalfOf,
    string Action,
    string TargetType,
    string TargetId,
    string Changes,
    string? Reason,
    string? RequestId,
    string? TraceId,
    string? ClientIp)
{
    public const string Columns =
        "e.id, e.at, e.actor_type, e.actor_id, e.on_behalf_of, e.action, e.target_type, e.target_id, e.changes::text, e.reason, e.request_id, e.trace_id, e.client_ip";
}
