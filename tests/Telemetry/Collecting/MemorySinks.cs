using System.Collections.Concurrent;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Tests.Collecting;

/// <summary>Keeps what it is given, for tests that ask what was collected and not how it is stored.</summary>
internal sealed class MemoryMetrics : IMetricSink
{
    private readonly ConcurrentQueue<IncomingSample> _samples = new();

    public IReadOnlyList<IncomingSample> Samples => [.. _samples];

    public IEnumerable<IncomingSample> Of(string metric) => Samples.Where(sample => sample.Series[LabelSet.MetricName] == metric);

    public AppendCounts Append(string source, ReadOnlySpan<IncomingSample> samples)
    {
        foreach (var sample in samples)
        {
            _samples.Enqueue(sample);
        }

        return new AppendCounts(samples.Length, 0, 0, 0);
    }

    public void Describe(MetricMetadata metadata)
    {
    }
}

internal sealed class MemoryLogs : ILogSink
{
    private readonly ConcurrentQueue<LogRecord> _records = new();

    public IReadOnlyList<LogRecord> Records => [.. _records];

    public IReadOnlyList<string> Lines => [.. _records.Select(record => record.Line)];

    public int Append(ReadOnlySpan<LogRecord> records)
    {
        foreach (var record in records)
        {
            _records.Enqueue(record);
        }

        return records.Length;
    }
}

/// <summary>Waits for a condition, generously: a slow machine makes a test slower, not red.</summary>
internal static class Until
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public static async Task HoldsAsync(Func<bool> condition, string expectation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < s_limit, $"still not: {expectation}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
