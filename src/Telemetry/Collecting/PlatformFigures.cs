using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Collecting;

/// <summary>
/// Keeps what the platform tells about itself, its instances and its host, beside what the programs tell. A source that
/// fails costs its own figures of that round and nothing else.
/// </summary>
internal sealed class PlatformFigures(
    IReadOnlyList<(string Name, IFigureSource Source)> sources, IMetricSink sink, TimeSpan interval, TimeProvider time, ILogger<PlatformFigures> logger)
{
    public const string Job = "slipway";

    private static readonly TimeSpan s_sourceLimit = TimeSpan.FromSeconds(5);

    private readonly SeriesBook _series = new();
    private readonly HashSet<string> _described = new(StringComparer.Ordinal);
    private readonly HashSet<string> _complained = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            Store(await ReadAsync(stopping).ConfigureAwait(false));
        }
        while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false));
    }

    /// <summary>Everything at this moment, one figure per name.</summary>
    public async Task<IReadOnlyList<Figure>> ReadAsync(CancellationToken cancellation)
    {
        var all = new List<Figure>();
        foreach (var (name, source) in sources)
        {
            using var limit = new CancellationTokenSource(s_sourceLimit, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            try
            {
                all.AddRange(await source.ReadAsync(both.Token).ConfigureAwait(false));
                _complained.Remove(name);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                throw;
            }

#pragma warning disable CA1031 // One room's trouble must not take the figures of all others away, whatever it is.
            catch (Exception error)
#pragma warning restore CA1031
            {
                if (_complained.Add(name))
                {
                    CollectingLog.FiguresFailed(logger, name, error.Message);
                }
            }
        }

        return [.. all.GroupBy(figure => figure.Name).Select(group => group.Count() == 1 ? group.First() : group.First() with { Values = [.. group.SelectMany(figure => figure.Values)] })];
    }

    /// <summary>The series a value belongs to when it is kept.</summary>
    public static LabelSet SeriesOf(Figure figure, FigureValue value)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal) { [LabelSet.MetricName] = figure.Name + value.Suffix, ["job"] = Job };
        foreach (var label in value.Labels)
        {
            labels[label.Name] = label.Value;
        }

        return LabelSet.From(labels);
    }

    private void Store(IReadOnlyList<Figure> figures)
    {
        var at = time.GetUtcNow().ToUnixTimeMilliseconds();
        var samples = new List<IncomingSample>();
        foreach (var figure in figures)
        {
            if (_described.Add(figure.Name))
            {
                sink.Describe(new MetricMetadata(figure.Name, figure.Kind, figure.Help, ""));
            }

            foreach (var value in figure.Values)
            {
                var series = SeriesOf(figure, value);
                _series.Seen(series);
                samples.Add(new IncomingSample(series, at, value.Value));
            }
        }

        samples.AddRange(_series.Turn(at));
        sink.Append(Job, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(samples));
    }
}
