using System.Diagnostics;

namespace Slipway.Sdk.Telemetry;

/// <summary>Writes a finished span as one of the spans of a scope in OTLP.</summary>
internal static class SpanWriter
{
    private const int AttributesMax = 64;
    private const int EventsMax = 32;
    private const int LinksMax = 32;

    public static void Write(ProtobufWriter writer, Activity span)
    {
        var mark = writer.Begin(2);
        span.TraceId.CopyTo(writer.Bytes(1, 16));
        span.SpanId.CopyTo(writer.Bytes(2, 8));
        if (!string.IsNullOrEmpty(span.TraceStateString))
        {
            writer.Text(3, span.TraceStateString);
        }

        if (span.ParentSpanId != default)
        {
            span.ParentSpanId.CopyTo(writer.Bytes(4, 8));
        }

        writer.Text(5, span.DisplayName);
        writer.Whole(6, (ulong)span.Kind + 1);
        var start = Nanoseconds(span.StartTimeUtc);
        writer.Fixed(7, start);
        writer.Fixed(8, start + ((ulong)span.Duration.Ticks * 100));
        var count = 0;
        foreach (ref readonly var tag in span.EnumerateTagObjects())
        {
            if (++count > AttributesMax)
            {
                break;
            }

            OtlpAttributes.Write(writer, 9, tag.Key, tag.Value);
        }

        // What a database says about a value it does not like may quote the value.
        var mayQuote = span.Source.Name == "Npgsql";
        Events(writer, span, mayQuote);
        Links(writer, span);
        Status(writer, span, mayQuote);
        writer.Small(16, (uint)span.ActivityTraceFlags);
        writer.End(mark);
    }

    private static void Events(ProtobufWriter writer, Activity span, bool mayQuote)
    {
        var count = 0;
        foreach (ref readonly var told in span.EnumerateEvents())
        {
            if (++count > EventsMax)
            {
                break;
            }

            var mark = writer.Begin(11);
            writer.Fixed(1, Nanoseconds(told.Timestamp.UtcDateTime));
            writer.Text(2, told.Name);
            var quotes = mayQuote || IsOfDatabase(told);
            foreach (ref readonly var tag in told.EnumerateTagObjects())
            {
                if (!quotes || tag.Key is not ("exception.message" or "exception.stacktrace"))
                {
                    OtlpAttributes.Write(writer, 3, tag.Key, tag.Value);
                }
            }

            writer.End(mark);
        }
    }

    /// <summary>The stack names every exception that led to the one it is of.</summary>
    private static bool IsOfDatabase(ActivityEvent told)
    {
        foreach (ref readonly var tag in told.EnumerateTagObjects())
        {
            if (tag is { Key: "exception.stacktrace", Value: string stack })
            {
                return stack.Contains("Npgsql.PostgresException", StringComparison.Ordinal);
            }
        }

        return false;
    }

    private static void Links(ProtobufWriter writer, Activity span)
    {
        var count = 0;
        foreach (ref readonly var link in span.EnumerateLinks())
        {
            if (++count > LinksMax)
            {
                break;
            }

            var mark = writer.Begin(13);
            link.Context.TraceId.CopyTo(writer.Bytes(1, 16));
            link.Context.SpanId.CopyTo(writer.Bytes(2, 8));
            foreach (ref readonly var tag in link.EnumerateTagObjects())
            {
                OtlpAttributes.Write(writer, 4, tag.Key, tag.Value);
            }

            writer.End(mark);
        }
    }

    private static void Status(ProtobufWriter writer, Activity span, bool mayQuote)
    {
        if (span.Status == ActivityStatusCode.Unset)
        {
            return;
        }

        var mark = writer.Begin(15);
        if (!mayQuote && !string.IsNullOrEmpty(span.StatusDescription))
        {
            writer.Text(2, OtlpAttributes.Clean(span.StatusDescription));
        }

        writer.Whole(3, (ulong)span.Status);
        writer.End(mark);
    }

    private static ulong Nanoseconds(DateTime utc) => (ulong)(utc.Ticks - DateTime.UnixEpoch.Ticks) * 100;
}
