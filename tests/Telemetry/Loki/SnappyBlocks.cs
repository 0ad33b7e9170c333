namespace Slipway.Telemetry.Tests.Loki;

/// <summary>Packs as Snappy does, if not as well: repeats of the last bytes become copies.</summary>
internal static class SnappyBlocks
{
    public static byte[] Pack(ReadOnlySpan<byte> plain)
    {
        var output = new List<byte>();
        for (var rest = (uint)plain.Length; ; rest >>= 7)
        {
            output.Add((byte)(rest < 0x80 ? rest : rest | 0x80));
            if (rest < 0x80)
            {
                break;
            }
        }

        var literal = 0;
        var position = 0;
        while (position < plain.Length)
        {
            var window = plain[Math.Max(0, position - 60_000)..position];
            var wanted = Math.Min(16, plain.Length - position);
            var found = wanted >= 4 ? window.LastIndexOf(plain.Slice(position, wanted)) : -1;
            if (found < 0)
            {
                position++;
                continue;
            }

            Literal(output, plain[literal..position]);
            var offset = window.Length - found;
            output.Add((byte)(((wanted - 1) << 2) | 2));
            output.Add((byte)offset);
            output.Add((byte)(offset >> 8));
            position += wanted;
            literal = position;
        }

        Literal(output, plain[literal..]);
        return [.. output];
    }

    private static void Literal(List<byte> output, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0)
        {
            return;
        }

        var length = bytes.Length - 1;
        if (length < 60)
        {
            output.Add((byte)(length << 2));
        }
        else
        {
            output.AddRange([(byte)(62 << 2), (byte)length, (byte)(length >> 8), (byte)(length >> 16)]);
        }

        output.AddRange(bytes);
    }
}
