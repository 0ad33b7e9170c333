using System.Diagnostics;

namespace Slipway.Sdk.Telemetry;

/// <summary>Spans that travel together, as the ExportTraceServiceRequest of OTLP.</summary>
internal sealed class SpanBatch
{
    /// <summary>A program has a handful; whoever makes sources without end starts the list anew.</summary>
    private const int SourcesMax = 64;

    private readonly List<(ActivitySource Source, ProtobufWriter Spans)> _sources = [];
    private ProtobufWriter? _document;

    public int Count { get; private set; }

    public int Bytes { get; private set; }

    /// <summary>Answers how many bytes the span takes.</summary>
    public int Add(Activity span)
    {
        var writer = WriterOf(span.Source);
        var before = writer.Length;
        SpanWriter.Write(writer, span);
        var size = writer.Length - before;
        Count++;
        Bytes += size;
        return size;
    }

    /// <summary>Valid until the batch is cleared; nothing may be added any more.</summary>
    public ReadOnlyMemory<byte> Document(IReadOnlyList<KeyValuePair<string, string>> about)
    {
        if (_document is { Length: > 0 } done)
        {
            return done.Written;
        }

        var writer = _document ??= new ProtobufWriter();
        var all = writer.Begin(1);
        var resource = writer.Begin(1);
        foreach (var (name, value) in about)
        {
            OtlpAttributes.Write(writer, 1, name, value);
        }

        writer.End(resource);
        foreach (var (source, spans) in _sources)
        {
            if (spans.Length > 0)
            {
                Write(writer, source, spans);
            }
        }

        writer.End(all);
        return writer.Written;
    }

    public void Clear()
    {
        (Count, Bytes) = (0, 0);
        _document?.Clear();
        if (_sources.Count > SourcesMax)
        {
            _sources.Clear();
        }

        foreach (var (_, spans) in _sources)
        {
            spans.Clear();
        }
    }

    private ProtobufWriter WriterOf(ActivitySource source)
    {
        foreach (var (known, spans) in _sources)
        {
            if (ReferenceEquals(known, source))
            {
                return spans;
            }
        }

        var writer = new ProtobufWriter();
        _sources.Add((source, writer));
        return writer;
    }

    private static void Write(ProtobufWriter writer, ActivitySource source, ProtobufWriter spans)
    {
        var mark = writer.Begin(2);
        var scope = writer.Begin(1);
        writer.Text(1, source.Name);
        if (!string.IsNullOrEmpty(source.Version))
        {
            writer.Text(2, source.Version);
        }

        writer.End(scope);
        writer.Raw(spans.Written.Span);
        writer.End(mark);
    }
}
