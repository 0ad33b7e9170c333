namespace Slipway.Telemetry.Metrics;

/// <param name="OutOfOrder">Not later than what the series has already.</param>
/// <param name="Refused">Not stored because there would be too many series, in all or of one source.</param>
/// <param name="Dropped">Not stored because the disk or the memory is full.</param>
public readonly record struct AppendCounts(int Stored, int OutOfOrder, int Refused, int Dropped);

/// <summary>Takes samples. It never waits for the disk and never throws for what a program sends; what is not stored is counted.</summary>
public interface IMetricSink
{
    /// <param name="source">Who sent them, for the limit of series per source: <c>namespace/service</c>.</param>
    AppendCounts Append(string source, ReadOnlySpan<IncomingSample> samples);

    void Describe(MetricMetadata metadata);
}
