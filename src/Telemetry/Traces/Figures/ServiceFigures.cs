using Slipway.Telemetry.Otlp.Decoding;

namespace Slipway.Telemetry.Traces.Figures;

/// <summary>
/// Calls, errors and durations by service and by pair of services, of all traces whether they are kept or not. By minute, for the last
/// hour; at most 300 services and 1,000 pairs a minute, what comes beyond is counted as left out. Not safe for two threads.
/// </summary>
internal sealed class ServiceFigures(TimeProvider time)
{
    public const int MinutesMax = 60;
    private const int NodesMax = 300;
    private const int EdgesMax = 1000;

    private readonly Queue<Minute> _minutes = new();
    private readonly Dictionary<(string From, string To), (long Calls, long Errors, double Seconds)> _totals = [];

    public long LeftOut { get; private set; }

    public void Observe(IReadOnlyList<SpanRecord> trace)
    {
        var minute = Current();
        var byId = new Dictionary<string, SpanRecord>(trace.Count, StringComparer.Ordinal);
        foreach (var span in trace)
        {
            byId[span.SpanId] = span;
        }

        HashSet<string>? answered = null;
        foreach (var span in trace)
        {
            var parent = span.ParentSpanId is null ? null : byId.GetValueOrDefault(span.ParentSpanId);
            var crosses = parent is not null && parent.Service != span.Service;
            if (crosses)
            {
                (answered ??= new HashSet<string>(StringComparer.Ordinal)).Add(parent!.SpanId);
                Count(minute.Edges, (parent.Service, span.Service), EdgesMax, span);
                Total((parent.Service, span.Service), span);
            }

            // A call of a service begins where work comes in from elsewhere; what it does inside is part of that call.
            if (crosses || span.ParentSpanId is null || (parent is null && span.Kind is SpanKind.Server or SpanKind.Consumer))
            {
                Count(minute.Nodes, (span.Service, ""), NodesMax, span);
                Total(("", span.Service), span);
            }
        }

        foreach (var span in trace)
        {
            if (span.Kind is SpanKind.Client or SpanKind.Producer && answered?.Contains(span.SpanId) is not true && PeerOf(span) is { Length: > 0 } peer)
            {
                Count(minute.Edges, (span.Service, peer), EdgesMax, span);
                Total((span.Service, peer), span);
                Count(minute.Nodes, (peer, "external"), NodesMax, span);
            }
        }
    }

    public ServiceMap Map(TimeSpan window)
    {
        var now = time.GetUtcNow();
        var from = now - window;
        var nodes = new Dictionary<(string, string), Tally>();
        var edges = new Dictionary<(string, string), Tally>();
        foreach (var minute in _minutes.Where(minute => minute.Begin + TimeSpan.FromMinutes(1) > from && minute.Begin <= now))
        {
            Sum(minute.Nodes, nodes);
            Sum(minute.Edges, edges);
        }

        // A service that sends spans is no external system, though some of its callers' spans came without its own.
        var known = nodes.Keys.Where(key => key.Item2.Length == 0).Select(key => key.Item1).ToHashSet(StringComparer.Ordinal);
        return new ServiceMap(
            from,
            now,
            [.. nodes.Where(node => node.Key.Item2.Length == 0 || !known.Contains(node.Key.Item1))
                .OrderBy(node => node.Key.Item1, StringComparer.Ordinal)
                .Select(node => new MapNode(node.Key.Item1, node.Key.Item2.Length > 0, node.Value.Calls, node.Value.Errors, node.Value.P50, node.Value.P95))],
            [.. edges.OrderBy(edge => edge.Key.Item1, StringComparer.Ordinal).ThenBy(edge => edge.Key.Item2, StringComparer.Ordinal)
                .Select(edge => new MapEdge(edge.Key.Item1, edge.Key.Item2, edge.Value.Calls, edge.Value.Errors, edge.Value.P50, edge.Value.P95))]);
    }

    public IReadOnlyList<CallTotals> Calls() =>
        [.. _totals.Select(entry => new CallTotals(entry.Key.From, entry.Key.To, entry.Value.Calls, entry.Value.Errors, entry.Value.Seconds))];

    private void Total((string From, string To) key, SpanRecord span)
    {
        if (!_totals.TryGetValue(key, out var total) && _totals.Count >= NodesMax + EdgesMax)
        {
            LeftOut++;
            return;
        }

        _totals[key] = (total.Calls + 1, total.Errors + (span.Status == SpanStatus.Error ? 1 : 0), total.Seconds + (span.Nanoseconds / 1e9));
    }

    /// <summary>Where a call went that nobody answered with a span: as the caller names it.</summary>
    private static string PeerOf(SpanRecord span)
    {
        foreach (var name in (ReadOnlySpan<string>)["peer.service", "db.system.name", "db.system", "messaging.system", "server.address", "net.peer.name"])
        {
            if (ResourceAttributes.ValueOf(span.Attributes, name) is { Length: > 0 } peer)
            {
                return peer;
            }
        }

        return "";
    }

    private void Count(Dictionary<(string, string), Tally> tallies, (string, string) key, int most, SpanRecord span)
    {
        if (!tallies.TryGetValue(key, out var tally))
        {
            if (tallies.Count >= most)
            {
                LeftOut++;
                return;
            }

            tallies[key] = tally = new Tally();
        }

        tally.Calls++;
        tally.Errors += span.Status == SpanStatus.Error ? 1 : 0;
        tally.Durations.Add(span.Nanoseconds);
    }

    private static void Sum(Dictionary<(string, string), Tally> part, Dictionary<(string, string), Tally> all)
    {
        foreach (var (key, tally) in part)
        {
            if (!all.TryGetValue(key, out var sum))
            {
                all[key] = sum = new Tally();
            }

            sum.Calls += tally.Calls;
            sum.Errors += tally.Errors;
            sum.Durations.Add(tally.Durations);
        }
    }

    private Minute Current()
    {
        var now = time.GetUtcNow();
        var begin = now - TimeSpan.FromTicks(now.Ticks % TimeSpan.TicksPerMinute);
        var last = _minutes.LastOrDefault();
        if (last is null || last.Begin != begin)
        {
            last = new Minute(begin);
            _minutes.Enqueue(last);
            while (_minutes.Count > MinutesMax)
            {
                _minutes.Dequeue();
            }
        }

        return last;
    }

    private sealed class Minute(DateTimeOffset begin)
    {
        public DateTimeOffset Begin { get; } = begin;

        public Dictionary<(string, string), Tally> Nodes { get; } = [];

        public Dictionary<(string, string), Tally> Edges { get; } = [];
    }

    private sealed class Tally
    {
        public long Calls { get; set; }

        public long Errors { get; set; }

        public DurationHistogram Durations { get; } = new();

        public double P50 => Math.Round(Durations.Quantile(0.5) / 1e6, 3);

        public double P95 => Math.Round(Durations.Quantile(0.95) / 1e6, 3);
    }
}
