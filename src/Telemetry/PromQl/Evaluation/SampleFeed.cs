using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>
/// Brings the samples of a selector to a sweep, page by page, so that a question about weeks needs no more memory than one about
/// hours, and tells the reader what lies between windows that are far apart.
/// </summary>
internal sealed class SampleFeed(ISeriesReader reader, QueryBudget budget)
{
    private const long SamplesPerPage = 2_000_000;

    /// <summary>Short, because how much a page holds is not known before the first one was read.</summary>
    private const long FirstPage = 1_800_000;

    public List<GridSeries> Sweep(IReadOnlyList<LabelMatcher> matchers, Windows windows, WindowSweep sweep)
    {
        var rows = new SeriesRows(windows.Grid.Count, budget);
        var page = Math.Max(FirstPage, 4 * windows.Range);
        var hint = Hint(windows, sweep);
        for (var step = 0; step < windows.Grid.Count;)
        {
            budget.Check();
            var from = windows.From(step);
            var end = step + 1;
            while (end < windows.Grid.Count && windows.To(end) - from <= page)
            {
                end++;
            }

            var to = windows.To(end - 1);
            var read = 0L;
            foreach (var series in reader.Select(matchers, from, to, budget.Left, budget.Cancellation, hint))
            {
                read += series.Samples.Length;
                var samples = sweep.SeesStaleMarks ? series.Samples.Span : WithoutStaleMarks(series.Samples);
                if (samples.Length > 0)
                {
                    sweep.Sweep(samples, windows, step, end, rows.Row(series.Labels));
                }
            }

            budget.Charge(read);
            budget.Check();
            page = NextPage(read, to - from, windows.Range);
            step = end;
        }

        return rows.Sorted();
    }

    /// <summary>What of the samples is not looked at, so that the reader need not unpack it.</summary>
    private static ReadHint? Hint(Windows windows, WindowSweep sweep)
    {
        if (windows.Grid.Count == 1 || windows.Pinned)
        {
            return null;
        }

        // The last sample of every five minutes is all that a selector of such steps can show.
        if (sweep.LooksAtNewestOnly && windows.Range == ReadHint.Resolution && windows.Grid.Step % ReadHint.Resolution == 0 && windows.To(0) % ReadHint.Resolution == 0 && windows.From(0) > 0)
        {
            return new ReadHint { Fold = SampleFold.Last };
        }

        // One millisecond more, since the beginning of a window belongs to it.
        return windows.Grid.Step > windows.Range + 1 ? new ReadHint { Start = windows.To(0), Step = windows.Grid.Step, Window = windows.Range + 1 } : null;
    }

    public static ReadOnlySpan<Sample> WithoutStaleMarks(ReadOnlyMemory<Sample> samples)
    {
        var all = samples.Span;
        foreach (ref readonly var sample in all)
        {
            if (sample.IsStale)
            {
                return all.ToArray().Where(kept => !kept.IsStale).ToArray();
            }
        }

        return all;
    }

    private static long NextPage(long read, long length, long range)
    {
        var wanted = read == 0 ? long.MaxValue / 8 : (long)Math.Min(long.MaxValue / 8, (double)SamplesPerPage * Math.Max(1, length) / read);
        return Math.Max(wanted, 4 * range);
    }

    /// <summary>The rows of the series met so far. Pages mostly list the same series in the same order, which saves the look-up.</summary>
    private sealed class SeriesRows(int steps, QueryBudget budget)
    {
        private readonly Dictionary<LabelSet, int> _places = [];
        private readonly List<GridSeries> _rows = [];
        private int _next;

        public double[] Row(LabelSet labels)
        {
            if (_next >= _rows.Count)
            {
                _next = 0;
            }

            if (_rows.Count == 0 || !ReferenceEquals(_rows[_next].Labels, labels))
            {
                if (!_places.TryGetValue(labels, out _next))
                {
                    _next = _rows.Count;
                    _places.Add(labels, _next);
                    _rows.Add(new GridSeries(labels, budget.NewRow(steps)));
                }
            }

            return _rows[_next++].Values;
        }

        public List<GridSeries> Sorted()
        {
            _rows.RemoveAll(row => !row.HasValues);
            _rows.Sort((x, y) => LabelOrder.Instance.Compare(x.Labels, y.Labels));
            return _rows;
        }
    }
}
