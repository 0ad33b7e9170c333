namespace Slipway.Telemetry.Otlp.Decoding;

internal static class Ids
{
    /// <summary>The digits of an id; nothing if it has not the right length or is all zeros, which stands for none.</summary>
    public static string? Read(ReadOnlySpan<byte> bytes, int length) =>
        bytes.Length == length && bytes.ContainsAnyExcept((byte)0) ? Convert.ToHexStringLower(bytes) : null;

    /// <summary>An id as a person types it: digits in any case, leading zeros perhaps left out as some tools do. Nothing if it is none.</summary>
    public static string? Trace(string typed) =>
        typed.Length is > 0 and <= 32 && typed.All(char.IsAsciiHexDigit) && typed.AsSpan().ContainsAnyExcept('0') ? typed.ToLowerInvariant().PadLeft(32, '0') : null;
}
