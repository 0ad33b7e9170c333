using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Otlp.Decoding;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry.Otlp;

internal enum OtlpSignal
{
    Traces,
    Metrics,
    Logs,
}

/// <param name="Rejected">How many items were not taken.</param>
/// <param name="Message">Why.</param>
internal readonly record struct OtlpReceipt(OtlpVerdict Verdict, long Rejected, string Message);

internal enum OtlpVerdict
{
    Taken,
    Malformed,

    /// <summary>Nothing could be taken now; the same message may be welcome in a moment.</summary>
    Full,
}

/// <summary>
/// Where what programs send by the OpenTelemetry protocol goes, whichever of the doors it came in by. Bodies being read take 128 MiB
/// at most; when that is used up, senders are told to come back.
/// </summary>
internal sealed class OtlpServices(ISpanSink spans, ILogSink lines, IMetricSink samples, TimeProvider time)
{
    public const int CompressedMax = 16 * 1024 * 1024;
    public const int PlainMax = 64 * 1024 * 1024;
    public const int RetrySeconds = 2;

    private readonly TextCache _texts = new();
    private readonly MetricTotals _totals = new();
    private long _items;
    private long _rejected;
    private long _malformed;
    private long _turnedAway;

    public MemoryBudget Memory { get; } = new(128 * 1024 * 1024);

    public long ReceivedItems => Interlocked.Read(ref _items);

    public long RejectedItems => Interlocked.Read(ref _rejected);

    public long MalformedMessages => Interlocked.Read(ref _malformed);

    /// <summary>Messages answered with "come back later".</summary>
    public long TurnedAwayMessages => Interlocked.Read(ref _turnedAway);

    public void CountMalformed() => Interlocked.Increment(ref _malformed);

    public void CountTurnedAway() => Interlocked.Increment(ref _turnedAway);

    /// <param name="message">An export request in protobuf.</param>
    public OtlpReceipt Take(OtlpSignal signal, ReadOnlySpan<byte> message)
    {
        var receipt = signal switch
        {
            OtlpSignal.Traces => TakeSpans(message),
            OtlpSignal.Logs => TakeLines(message),
            _ => TakeSamples(message),
        };
        Interlocked.Add(ref _rejected, receipt.Rejected);
        if (receipt.Verdict == OtlpVerdict.Malformed)
        {
            CountMalformed();
        }
        else if (receipt.Verdict == OtlpVerdict.Full)
        {
            CountTurnedAway();
        }

        return receipt;
    }

    private OtlpReceipt TakeSpans(ReadOnlySpan<byte> message)
    {
        var decoded = new TraceDecoder(_texts).Decode(message);
        if (decoded.Mistake is not null)
        {
            return new OtlpReceipt(OtlpVerdict.Malformed, 0, decoded.Mistake);
        }

        var taken = spans.Append(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(decoded.Spans));
        return Answer(decoded.Spans.Count, taken, decoded.Rejected, decoded.Rejected > 0 ? "spans need a traceId of 16 bytes and a spanId of 8 bytes, and a message has a bounded number of them" : "");
    }

    private OtlpReceipt TakeLines(ReadOnlySpan<byte> message)
    {
        var decoded = new LogDecoder(_texts, time).Decode(message);
        if (decoded.Mistake is not null)
        {
            return new OtlpReceipt(OtlpVerdict.Malformed, 0, decoded.Mistake);
        }

        var taken = lines.Append(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(decoded.Lines));
        return Answer(decoded.Lines.Count, taken, decoded.Rejected, decoded.Rejected > 0 ? "more than 500000 lines and attributes in one message" : "");
    }

    private OtlpReceipt TakeSamples(ReadOnlySpan<byte> message)
    {
        var decoded = new MetricDecoder(_texts, _totals, time).Decode(message);
        if (decoded.Mistake is not null)
        {
            return new OtlpReceipt(OtlpVerdict.Malformed, 0, decoded.Mistake);
        }

        foreach (var metadata in decoded.Metadata)
        {
            samples.Describe(metadata);
        }

        var (count, stored, late, refused) = (0, 0, 0, 0);
        foreach (var (source, ofSource) in decoded.Sources)
        {
            var counts = samples.Append(source, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ofSource));
            (count, stored, late, refused) = (count + ofSource.Count, stored + counts.Stored, late + counts.OutOfOrder, refused + counts.Refused);
        }

        // Coming back helps only those that were dropped for want of room: late ones stay late and refused series stay refused.
        var reason = decoded.Rejected > 0 ? decoded.Reason : late > 0 ? "samples not later than the last of their series" : refused > 0 ? "too many series" : "";
        return Answer(count, stored, decoded.Rejected, reason, permanent: late + refused > 0);
    }

    private OtlpReceipt Answer(int offered, int taken, int rejected, string reason, bool permanent = false)
    {
        Interlocked.Add(ref _items, taken);
        if (offered > 0 && taken == 0 && !permanent)
        {
            return new OtlpReceipt(OtlpVerdict.Full, offered, "there is no room at the moment");
        }

        var missing = offered - taken;
        return new OtlpReceipt(OtlpVerdict.Taken, missing + rejected, reason.Length > 0 ? reason : missing > 0 ? "there was no room for all of them" : "");
    }
}

/// <summary>Counts memory in use against a bound.</summary>
internal sealed class MemoryBudget(long most)
{
    private long _used;

    public long Used => Interlocked.Read(ref _used);

    public bool Take(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= most)
        {
            return true;
        }

        Give(bytes);
        return false;
    }

    public void Give(long bytes) => Interlocked.Add(ref _used, -bytes);
}
