using System.Text;

namespace Slipway.Telemetry.Otlp.Wire;

/// <summary>
/// Short texts come again and again: names of attributes, services, routes. Each is made once as long as nothing else takes
/// its place. At most 8,192 texts of at most 96 bytes; safe for many threads, since an entry is replaced as a whole.
/// </summary>
internal sealed class TextCache
{
    private const int Places = 8192;
    private const int LengthMax = 96;

    private readonly Entry?[] _entries = new Entry?[Places];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }

        if (utf8.Length > LengthMax)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ref var place = ref _entries[StableHash.Of(utf8) & (Places - 1)];
        var entry = Volatile.Read(ref place);
        if (entry is not null && utf8.SequenceEqual(entry.Bytes))
        {
            return entry.Text;
        }

        entry = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        Volatile.Write(ref place, entry);
        return entry.Text;
    }

    private sealed record Entry(byte[] Bytes, string Text);
}
