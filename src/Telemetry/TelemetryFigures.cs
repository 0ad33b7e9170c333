using System.Collections.Concurrent;
using Slipway.Telemetry.Collecting;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry;

/// <summary>What telemetry tells about itself: what it took, refused and dropped. Counters may be raised from anywhere.</summary>
internal sealed class TelemetryFigures : IFigureSource
{
    private readonly ConcurrentDictionary<(string Name, LabelSet Labels), Counter> _counters = new();
    private readonly ConcurrentDictionary<(string Name, LabelSet Labels), Reading> _readings = new();

    public void Count(string name, string help, long by = 1, LabelSet? labels = null) =>
        Interlocked.Add(ref _counters.GetOrAdd((name, labels ?? LabelSet.Empty), static (_, help) => new Counter(help), help).Value, by);

    public void Gauge(string name, string help, Func<double> value, LabelSet? labels = null) =>
        _readings[(name, labels ?? LabelSet.Empty)] = new Reading("gauge", help, value);

    /// <summary>A counter that somebody else keeps.</summary>
    public void Counted(string name, string help, Func<double> value, LabelSet? labels = null) =>
        _readings[(name, labels ?? LabelSet.Empty)] = new Reading("counter", help, value);

    public IReadOnlyList<Figure> Read()
    {
        var all = _counters.Select(entry => (entry.Key.Name, Kind: "counter", entry.Value.Help, Value: new FigureValue(entry.Key.Labels, Interlocked.Read(ref entry.Value.Value))))
            .Concat(_readings.Select(entry => (entry.Key.Name, entry.Value.Kind, entry.Value.Help, Value: new FigureValue(entry.Key.Labels, entry.Value.Value()))));
        return
        [
            .. all.GroupBy(figure => figure.Name).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new Figure(group.Key, group.First().Kind, group.First().Help, [.. group.Select(figure => figure.Value)])),
        ];
    }

    public Task<IReadOnlyList<Figure>> ReadAsync(CancellationToken cancellation) => Task.FromResult(Read());

    private sealed class Counter(string help)
    {
        public long Value;

        public string Help { get; } = help;
    }

    private sealed record Reading(string Kind, string Help, Func<double> Value);
}
