using System.Runtime.InteropServices;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics.Chunks;
using Slipway.Telemetry.Metrics.Journal;

namespace Slipway.Telemetry.Metrics.Head;

/// <summary>
/// The newest samples, in memory and in the journal. The lock is held for what memory alone can do: the disk is written by others,
/// from what they take out under it.
/// </summary>
internal sealed class MemoryHead(HeadLimits limits, TimeProvider time)
{
    /// <summary>Series looked after in one holding of the lock when all of them have their turn.</summary>
    private const int Slice = 512;

    private const int SeriesOverhead = 420;

    private readonly HeadIndex _index = new();
    private readonly Dictionary<string, SourceTally> _sources = new(StringComparer.Ordinal);
    private readonly MetricDescriptions _descriptions = new(limits.MetadataMax);
    private readonly ExemplarRing _exemplars = new(limits.ExemplarsMax);
    private WriteAheadJournal? _journal;
    private uint _nextId = 1;
    private long _seriesBytes;
    private long _chunkBytes;

    public Lock Gate { get; } = new();

    public HeadCounters Counters { get; } = new();

    public long Generation { get; private set; }

    /// <summary>The clock when the generation began.</summary>
    public long GenerationStart { get; private set; }

    public long GenerationSamples { get; private set; }

    public long Newest { get; private set; } = long.MinValue;

    public long MemoryBytes => Volatile.Read(ref _seriesBytes) + Volatile.Read(ref _chunkBytes);

    public long ChunkBytes => Volatile.Read(ref _chunkBytes);

    public int SeriesCount => _index.Count;

    /// <summary>Whether frozen samples are told from memory; not from the moment on that their block is there.</summary>
    public bool FrozenVisible { get; private set; } = true;

    /// <summary>Another number after every cut: who looked at blocks and memory with one number between saw each sample once.</summary>
    public long Cuts { get; private set; }

    /// <summary>Somebody was refused for the number of series since the last cut.</summary>
    public bool Crowded { get; private set; }

    public void Begin(WriteAheadJournal journal, long generation)
    {
        _journal = journal;
        Generation = generation;
        GenerationStart = Now();
    }

    public AppendCounts Append(string source, ReadOnlySpan<IncomingSample> samples)
    {
        var counts = new AppendCounts();
        var now = Now();
        var earliest = now - limits.RetentionMilliseconds;
        var latest = now + HeadLimits.AheadMilliseconds;
        lock (Gate)
        {
            var journal = _journal!;
            SourceTally? tally = null;
            foreach (ref readonly var sample in samples)
            {
                if (sample.At < earliest || sample.At > latest)
                {
                    Counters.OutOfBounds++;
                    counts = counts with { OutOfOrder = counts.OutOfOrder + 1 };
                    continue;
                }

                if (!_index.TryGet(sample.Series, out var series))
                {
                    tally ??= Tally(source);
                    series = Create(tally, sample.Series);
                    if (series is null)
                    {
                        counts = counts with { Refused = counts.Refused + 1 };
                        continue;
                    }
                }

                // What is further ahead than anything may be was written before the clock was set back; the series goes on from here.
                if (sample.At <= series!.Last && series.Last <= latest)
                {
                    counts = counts with { OutOfOrder = counts.OutOfOrder + 1 };
                    continue;
                }

                if (MemoryBytes > limits.MemoryBytes)
                {
                    counts = counts with { Dropped = counts.Dropped + 1 };
                    continue;
                }

                Store(series, sample.At, sample.Value);
                if (series.Introduced != Generation)
                {
                    series.Introduced = Generation;
                    journal.Introduce(series);
                }

                journal.Add(series.Id, sample.At, sample.Value);
                if (sample.Exemplar is { } exemplar && _exemplars.Add(series.Labels, exemplar))
                {
                    journal.Add(series.Id, exemplar);
                }

                counts = counts with { Stored = counts.Stored + 1 };
            }

            if (tally is { Series: 0 })
            {
                _sources.Remove(tally.Name);
            }

            journal.EndSamples();
            if (journal.HasGaps)
            {
                Counters.Unsecured += counts.Stored;
            }

            Counters.Stored += counts.Stored;
            Counters.OutOfOrder += counts.OutOfOrder;
            Counters.Refused += counts.Refused;
            Counters.Dropped += counts.Dropped;
        }

        return counts;
    }

    public void Describe(MetricMetadata metadata)
    {
        lock (Gate)
        {
            if (_descriptions.Add(metadata) is { } added)
            {
                _journal!.Add(added);
            }
        }
    }

    public IReadOnlyList<MetricMetadata> Metadata()
    {
        lock (Gate)
        {
            return [.. _descriptions.All];
        }
    }

    // While the journal is read back, before anybody else is here.

    public HeadSeries Restore(long generation, uint id, string source, LabelSet labels)
    {
        _nextId = Math.Max(_nextId, id + 1);
        if (!_index.TryGet(labels, out var series))
        {
            series = Add(id, Tally(source), labels);
        }

        series!.Introduced = generation;
        return series;
    }

    public void Restore(HeadSeries series, long at, double value) => Store(series, at, value);

    public void Restore(HeadSeries series, Exemplar exemplar) => _exemplars.Add(series.Labels, exemplar);

    public void Restore(MetricMetadata metadata) => _descriptions.Add(metadata);

    // For readers.

    public HeadSeries[] Candidates(IReadOnlyList<LabelMatcher> matchers)
    {
        lock (Gate)
        {
            return _index.Candidates(matchers);
        }
    }

    /// <summary>The series that fit, told one lock after the other what of each may be in the range.</summary>
    public void Visit(IReadOnlyList<HeadSeries> series, Action<HeadSeries> visit)
    {
        for (var start = 0; start < series.Count; start += Slice)
        {
            lock (Gate)
            {
                for (var i = start; i < Math.Min(start + Slice, series.Count); i++)
                {
                    visit(series[i]);
                }
            }
        }
    }

    public string[] LabelNames()
    {
        lock (Gate)
        {
            return _index.Names();
        }
    }

    public string[] LabelValues(string name)
    {
        lock (Gate)
        {
            return _index.Values(name);
        }
    }

    public List<(LabelSet Series, Exemplar Exemplar)> Exemplars(long from, long to)
    {
        lock (Gate)
        {
            return _exemplars.Between(from, to);
        }
    }

    public HeadSeries[] All()
    {
        lock (Gate)
        {
            return [.. _index.All];
        }
    }

    public (List<LabelCount> Metrics, List<LabelCount> Pairs, List<LabelCount> Names, List<LabelCount> Bytes, List<LabelCount> Sources) Heaviest(int limit)
    {
        lock (Gate)
        {
            var (metrics, pairs, names, bytes) = _index.Heaviest(limit);
            List<LabelCount> sources =
                [.. _sources.Values.OrderByDescending(source => source.Series).Take(limit).Select(source => new LabelCount(source.Name, "", source.Series))];
            return (metrics, pairs, names, bytes, sources);
        }
    }

    // For the cut.

    /// <summary>From now on samples go into a new generation; those of the old one are frozen series by series.</summary>
    public void NextGeneration()
    {
        lock (Gate)
        {
            Generation++;
            GenerationStart = Now();
            GenerationSamples = 0;
            Crowded = false;
            FrozenVisible = true;
            _journal!.Rotate(Generation);
            foreach (var metadata in _descriptions.All)
            {
                _journal.Add(metadata);
            }
        }
    }

    /// <summary>Readers find frozen samples in their block from now on.</summary>
    public void Hand(Action toBlock)
    {
        lock (Gate)
        {
            toBlock();
            FrozenVisible = false;
            Cuts++;
        }
    }

    public long CutsSeen()
    {
        lock (Gate)
        {
            return Cuts;
        }
    }

    /// <summary>All series that have something frozen.</summary>
    public List<HeadSeries> Freeze()
    {
        var frozen = new List<HeadSeries>();
        Visit(All(), series =>
        {
            _chunkBytes += series.Begin(Generation);
            if (series.Frozen.Length > 0)
            {
                frozen.Add(series);
            }
        });
        return frozen;
    }

    /// <summary>Lets go what is in a block now, and the series of which nothing came for a whole generation.</summary>
    public void Thaw()
    {
        var now = Now();
        var idle = new List<HeadSeries>();
        Visit(All(), series =>
        {
            var had = series.Frozen.Length > 0;
            _chunkBytes -= series.LetFrozenGo();
            if (!had && series.IsEmpty && (series.Last < now - HeadLimits.AheadMilliseconds || series.Last > now + HeadLimits.AheadMilliseconds))
            {
                idle.Add(series);
            }
        });

        foreach (var some in idle.Chunk(Slice))
        {
            lock (Gate)
            {
                Remove([.. some.Where(series => series.IsEmpty)]);
            }
        }
    }

    private void Remove(List<HeadSeries> gone)
    {
        _index.Remove(gone);
        Counters.SeriesRemoved += gone.Count;
        foreach (var series in gone)
        {
            _seriesBytes -= BytesOf(series.Labels);
            if (--series.Source.Series == 0)
            {
                _sources.Remove(series.Source.Name);
            }
        }
    }

    private void Store(HeadSeries series, long at, double value)
    {
        _chunkBytes += series.Begin(Generation);
        _chunkBytes += series.Append(at, value);
        Newest = Math.Max(Newest, at);
        GenerationSamples++;
    }

    private HeadSeries? Create(SourceTally tally, LabelSet labels)
    {
        if (_index.Count >= limits.SeriesMax)
        {
            Crowded = true;
            return null;
        }

        if (tally.Series >= limits.SeriesPerSourceMax)
        {
            Crowded = true;
            Counters.RefusedBySource++;
            return null;
        }

        return labels.Count is 0 or > HeadLimits.LabelsMax || labels.Sum(label => label.Name.Length + label.Value.Length) > HeadLimits.LabelCharactersMax
            ? null
            : Add(_nextId++, tally, labels);
    }

    private HeadSeries Add(uint id, SourceTally tally, LabelSet labels)
    {
        var pooled = StringPool.Shared.Pooled(labels);
        var series = new HeadSeries(id, pooled, Fingerprint.Of(pooled), tally);
        _index.Add(series);
        tally.Series++;
        _seriesBytes += BytesOf(pooled);
        Counters.SeriesCreated++;
        return series;
    }

    private SourceTally Tally(string source)
    {
        ref var tally = ref CollectionsMarshal.GetValueRefOrAddDefault(_sources, source, out _);
        return tally ??= new SourceTally(source);
    }

    // Most strings are shared between series; a place in each of the lists they are found by is not.
    private static long BytesOf(LabelSet labels) => SeriesOverhead + (labels.Count * 40L);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
