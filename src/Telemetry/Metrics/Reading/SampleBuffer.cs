namespace Slipway.Telemetry.Metrics.Reading;

/// <summary>
/// The samples of one series as they are gathered piece by piece, usually in the order of time. Pieces overlap after a clock was
/// set back and while a block takes the place of what was in memory; then the earlier piece wins.
/// </summary>
internal sealed class SampleBuffer
{
    private Sample[] _samples = [];
    private bool _disordered;

    private int _expected;

    public int Count { get; private set; }

    /// <summary>So many more samples will probably come; told before the first does, it saves growing.</summary>
    public void Expect(int samples) => _expected = Math.Min(_expected + samples, 1 << 20);

    /// <summary>A place to decode into; what is wanted of it is told with <see cref="Keep"/>.</summary>
    public Span<Sample> Reserve(int count)
    {
        if (_samples.Length - Count < count)
        {
            var larger = GC.AllocateUninitializedArray<Sample>(Math.Max(_expected, Math.Max(Count + count, Math.Min(Count * 2, Count + 65_536))));
            _samples.AsSpan(0, Count).CopyTo(larger);
            _samples = larger;
        }

        return _samples.AsSpan(Count, count);
    }

    /// <summary>Takes of the reserved samples those of the range, and of the windows if there are any.</summary>
    public int Keep(int count, long from, long to, ReadHint? windows = null)
    {
        var fresh = _samples.AsSpan(Count, count);
        if (windows is { Step: > 0 } && windows.Window < windows.Step)
        {
            var kept = 0;
            foreach (var sample in fresh)
            {
                if (sample.At >= from && sample.At <= to && HintWindows.Hold(windows, sample.At))
                {
                    fresh[kept++] = sample;
                }
            }

            return Take(fresh[..kept]);
        }

        var start = 0;
        var end = count;
        while (start < end && fresh[start].At < from)
        {
            start++;
        }

        while (end > start && fresh[end - 1].At > to)
        {
            end--;
        }

        if (start > 0)
        {
            fresh[start..end].CopyTo(fresh);
        }

        return Take(fresh[..(end - start)]);
    }

    /// <summary>In order; of two samples of the same time the first one found, of two parts of an interval what they are together.</summary>
    public ReadOnlyMemory<Sample> Finish(SampleFold fold = SampleFold.None)
    {
        if (_disordered)
        {
            _samples = [.. _samples.Take(Count).OrderBy(sample => sample.At)];
            _disordered = false;
            if (fold == SampleFold.None)
            {
                var kept = 0;
                foreach (var sample in _samples)
                {
                    if (kept == 0 || _samples[kept - 1].At < sample.At)
                    {
                        _samples[kept++] = sample;
                    }
                }

                Count = kept;
            }
        }

        if (fold != SampleFold.None)
        {
            Count = Folding.Join(fold, _samples.AsSpan(0, Count));
        }

        return _samples.AsMemory(0, Count);
    }

    public void Clear() => (Count, _disordered) = (0, false);

    private int Take(Span<Sample> fresh)
    {
        if (fresh.Length > 0)
        {
            _disordered |= Count > 0 && fresh[0].At <= _samples[Count - 1].At;
            Count += fresh.Length;
        }

        return fresh.Length;
    }
}
