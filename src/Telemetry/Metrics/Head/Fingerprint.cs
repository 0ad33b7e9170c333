using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Metrics.Head;

/// <summary>
/// The same series is found in every block by this number. It is cut from a cryptographic hash, so that nobody can choose labels
/// which mix their series up with somebody else's.
/// </summary>
internal static class Fingerprint
{
    public static UInt128 Of(LabelSet labels)
    {
        var most = 0;
        foreach (var (name, value) in labels)
        {
            most += Encoding.UTF8.GetMaxByteCount(name.Length + value.Length) + 4;
        }

        var bytes = most <= 2_048 ? stackalloc byte[2_048] : new byte[most];
        var length = 0;
        foreach (var (name, value) in labels)
        {
            length += Encoding.UTF8.GetBytes(name, bytes[length..]);
            bytes[length++] = 0xff;
            length += Encoding.UTF8.GetBytes(value, bytes[length..]);
            bytes[length++] = 0xff;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..length], hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
