using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Slipway.Telemetry.Logs.Segments;

/// <summary>Traces as the numbers they are. Zero stands for none, as in W3C Trace Context.</summary>
internal static class TraceDigits
{
    public const int Length = 32;

    public static UInt128 Read(ReadOnlySpan<byte> digits) =>
        UInt128.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var trace) ? trace : UInt128.Zero;

    public static UInt128 Read(string? digits) =>
        digits is { Length: Length } && UInt128.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var trace) ? trace : UInt128.Zero;

    public static string? Text(UInt128 trace)
    {
        if (trace == UInt128.Zero)
        {
            return null;
        }

        Span<byte> digits = stackalloc byte[Length];
        Write(trace, digits);
        return Encoding.ASCII.GetString(digits);
    }

    public static void Write(UInt128 trace, Span<byte> digits)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, trace);
        Convert.TryToHexStringLower(bytes, digits, out _);
    }
}
