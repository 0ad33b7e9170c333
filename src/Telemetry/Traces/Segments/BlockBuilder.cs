using System.Buffers.Binary;
using System.IO.Compression;
using Slipway.Telemetry.Otlp;
using Slipway.Telemetry.Otlp.Wire;

namespace Slipway.Telemetry.Traces.Segments;

/// <summary>
/// Puts traces together to a block. An entry of the body is the length of what follows in four bytes, and the spans as an export request,
/// so that what is on disk can be read by anything that knows the protocol.
/// </summary>
internal sealed class BlockBuilder(int quality)
{
    private const int Window = 22;

    private readonly ProtoWriter _raw = new(64 * 1024);
    private readonly List<(ulong Hash, int Place)> _traces = [];
    private readonly HashSet<ulong> _terms = [];
    private long _firstStart = long.MaxValue;
    private long _lastStart = long.MinValue;
    private long _longest;
    private bool _errors;
    private int _spans;

    public int RawLength => _raw.Length;

    public bool Empty => _traces.Count == 0;

    public void Add(ulong hash, IReadOnlyList<SpanRecord> spans)
    {
        var place = _raw.Length;
        Span<byte> length = stackalloc byte[4];
        _raw.Verbatim(length);
        OtlpEncoder.Spans(spans.ToArray(), _raw);
        BinaryPrimitives.WriteInt32LittleEndian(length, _raw.Length - place - 4);
        _raw.Overwrite(place, length);
        Note(hash, place, spans);
    }

    /// <summary>The block in the form it has on disk; the builder is empty again then.</summary>
    public byte[] Build(long writtenAt)
    {
        var head = StoredBlock.WriteHead(_firstStart, _lastStart, _longest, _errors, _spans, _traces, TermFilter.Build(_terms));
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(_raw.Length)];
        if (!BrotliEncoder.TryCompress(_raw.Written, packed, out var length, quality, Window))
        {
            throw new InvalidOperationException("Compressed data did not fit into the room compressed data needs at most.");
        }

        var block = StoredBlock.Write(head, packed.AsSpan(0, length), _raw.Length, writtenAt);
        _raw.Clear();
        _traces.Clear();
        _terms.Clear();
        (_firstStart, _lastStart, _longest, _errors, _spans) = (long.MaxValue, long.MinValue, 0, false, 0);
        return block;
    }

    private void Note(ulong hash, int place, IReadOnlyList<SpanRecord> spans)
    {
        _traces.Add((hash, place));
        _spans += spans.Count;
        var (start, end) = (long.MaxValue, long.MinValue);
        IReadOnlyList<SpanAttribute>? resource = null;
        foreach (var span in spans)
        {
            (start, end) = (Math.Min(start, span.Start), Math.Max(end, span.End));
            _longest = Math.Max(_longest, span.Nanoseconds);
            _errors |= span.Status == SpanStatus.Error;
            _terms.Add(TermFilter.Term("service.name", span.Service));
            _terms.Add(TermFilter.Term("name", span.Name));
            Note(span.Attributes);
            if (!ReferenceEquals(resource, span.Resource))
            {
                resource = span.Resource;
                Note(resource);
            }
        }

        _longest = Math.Max(_longest, end - start);
        _firstStart = Math.Min(_firstStart, start);
        _lastStart = Math.Max(_lastStart, start);
    }

    private void Note(IReadOnlyList<SpanAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            var value = attribute.Value.ToString();
            if (value.Length <= TermFilter.ValueMax)
            {
                _terms.Add(TermFilter.Term(attribute.Name, value));
            }
        }
    }
}
