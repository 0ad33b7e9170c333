using System.Diagnostics;

namespace Slipway.Sdk.Telemetry;

/// <summary>Writes finished spans as the ExportTraceServiceRequest of OTLP.</summary>
internal sealed class SpanDocument
{
    private const int AttributesMax = 64;
    private const int EventsMax = 32;

    private readonly ProtobufWriter _writer = new();
    private readonly OtlpAttributes _attributes;
    private readonly IReadOnlyList<KeyValuePair<string, string>> _resource;
    private readonly List<ActivitySource> _sources = [];

    public SpanDocument(IReadOnlyList<KeyValuePair<string, string>> resource) => (_resource, _attributes) = (resource, new OtlpAttributes(_writer));

    /// <summary>Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Write(ReadOnlySpan<Activity?> spans)
    {
        _writer.Clear();
        _sources.Clear();
        foreach (var span in spans)
        {
            if (!_sources.Contains(span!.Source))
            {
                _sources.Add(span.Source);
            }
        }

        var all = _writer.Begin(1);
        var resource = _writer.Begin(1);
        foreach (var (name, value) in _resource)
        {
            _attributes.Write(1, name, value);
        }

        _writer.End(resource);
        foreach (var source in _sources)
        {
            Write(source, spans);
        }

        _writer.End(all);
        return _writer.Written;
    }

    private void Write(ActivitySource source, ReadOnlySpan<Activity?> spans)
    {
        var mark = _writer.Begin(2);
        var scope = _writer.Begin(1);
        _writer.Text(1, source.Name);
        if (!string.IsNullOrEmpty(source.Version))
        {
            _writer.Text(2, source.Version);
        }

        _writer.End(scope);
        foreach (var span in spans)
        {
            if (ReferenceEquals(span!.Source, source))
            {
                Write(span);
            }
        }

        _writer.End(mark);
    }

    private void Write(Activity span)
    {
        var mark = _writer.Begin(2);
        span.TraceId.CopyTo(_writer.Bytes(1, 16));
        span.SpanId.CopyTo(_writer.Bytes(2, 8));
        if (!string.IsNullOrEmpty(span.TraceStateString))
        {
            _writer.Text(3, span.TraceStateString);
        }

        if (span.ParentSpanId != default)
        {
            span.ParentSpanId.CopyTo(_writer.Bytes(4, 8));
        }

        _writer.Text(5, span.DisplayName);
        _writer.Whole(6, (ulong)span.Kind + 1);
        var start = Nanoseconds(span.StartTimeUtc);
        _writer.Fixed(7, start);
        _writer.Fixed(8, start + ((ulong)span.Duration.Ticks * 100));
        var count = 0;
        foreach (ref readonly var tag in span.EnumerateTagObjects())
        {
            if (++count > AttributesMax)
            {
                break;
            }

            _attributes.Write(9, tag.Key, tag.Value);
        }

        Events(span);
        Links(span);
        Status(span);
        _writer.Small(16, (uint)span.ActivityTraceFlags);
        _writer.End(mark);
    }

    private void Events(Activity span)
    {
        var count = 0;
        foreach (ref readonly var told in span.EnumerateEvents())
        {
            if (++count > EventsMax)
            {
                break;
            }

            var mark = _writer.Begin(11);
            _writer.Fixed(1, Nanoseconds(told.Timestamp.UtcDateTime));
            _writer.Text(2, told.Name);
            foreach (ref readonly var tag in told.EnumerateTagObjects())
            {
                _attributes.Write(3, tag.Key, tag.Value);
            }

            _writer.End(mark);
        }
    }

    private void Links(Activity span)
    {
        foreach (ref readonly var link in span.EnumerateLinks())
        {
            var mark = _writer.Begin(13);
            link.Context.TraceId.CopyTo(_writer.Bytes(1, 16));
            link.Context.SpanId.CopyTo(_writer.Bytes(2, 8));
            foreach (ref readonly var tag in link.EnumerateTagObjects())
            {
                _attributes.Write(4, tag.Key, tag.Value);
            }

            _writer.End(mark);
        }
    }

    private void Status(Activity span)
    {
        if (span.Status == ActivityStatusCode.Unset)
        {
            return;
        }

        var mark = _writer.Begin(15);
        if (!string.IsNullOrEmpty(span.StatusDescription))
        {
            _writer.Text(2, OtlpAttributes.Clean(span.StatusDescription));
        }

        _writer.Whole(3, (ulong)span.Status);
        _writer.End(mark);
    }

    private static ulong Nanoseconds(DateTime utc) => (ulong)(utc.Ticks - DateTime.UnixEpoch.Ticks) * 100;
}
