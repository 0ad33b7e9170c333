using System.Runtime.InteropServices;
using System.Text;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics.Journal;
using Slipway.Telemetry.Metrics.Reading;

namespace Slipway.Telemetry.Metrics.Blocks;

/// <summary>Gathers what <see cref="BlockIndex"/> reads. Texts are numbered as they come and put in order at the end.</summary>
internal sealed class BlockIndexBuilder
{
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly List<UInt128> _fingerprints = [];
    private readonly List<long> _firsts = [];
    private readonly List<long> _lasts = [];
    private readonly List<int> _counts = [];
    private readonly List<long> _sampleStarts = [];
    private readonly List<long>[] _foldStarts = [.. Folding.Kept.Select(_ => new List<long>())];
    private readonly List<int> _labelStarts = [];
    private readonly List<LabelPlace> _labels = [];
    private long _samples;

    public int Series => _fingerprints.Count;

    public void Add(LabelSet labels, UInt128 fingerprint, long first, long last, int count, long sampleStart, ReadOnlySpan<long> foldStarts)
    {
        _labelStarts.Add(_labels.Count);
        foreach (var (name, value) in labels)
        {
            _labels.Add(new LabelPlace(Number(name), Number(value)));
        }

        _fingerprints.Add(fingerprint);
        _firsts.Add(first);
        _lasts.Add(last);
        _counts.Add(count);
        AddStarts(sampleStart, foldStarts);
        _samples += count;
    }

    /// <param name="sampleEnd">Of the file of samples; likewise of the files of folds.</param>
    public ReadOnlyMemory<byte> Build(long generation, IReadOnlyCollection<long> replaced, long sampleEnd, ReadOnlySpan<long> foldEnds)
    {
        AddStarts(sampleEnd, foldEnds);
        _labelStarts.Add(_labels.Count);
        var (starts, texts) = SortTexts();
        var (pairs, postings) = Invert();
        var header = new BlockHeader
        {
            Magic = BlockHeader.Mark,
            Texts = _texts.Count,
            TextBytes = texts.Length,
            Series = Series,
            Labels = _labels.Count,
            Pairs = pairs.Count - 1,
            Postings = postings.Length,
            Replaced = replaced.Count,
            Folds = _foldStarts.Length,
            Samples = _samples,
            First = Series == 0 ? 0 : _firsts.Min(),
            Last = Series == 0 ? 0 : _lasts.Max(),
            Generation = generation,
        };

        // Asked for in one piece: a stream that grows would have been several times as large in between.
        var output = new MemoryStream(checked(
            512 + texts.Length + (4 * starts.Length) + (Series * (40 + (8 * (_foldStarts.Length + 1)))) + (8 * _labels.Count) + (12 * pairs.Count)
            + (4 * postings.Length) + (8 * replaced.Count)));
        output.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<BlockHeader>(ref header)));
        Section<int>(starts);
        Section<byte>(texts);
        Section<UInt128>(CollectionsMarshal.AsSpan(_fingerprints));
        Section<long>(CollectionsMarshal.AsSpan(_firsts));
        Section<long>(CollectionsMarshal.AsSpan(_lasts));
        Section<int>(CollectionsMarshal.AsSpan(_counts));
        Section<long>(CollectionsMarshal.AsSpan(_sampleStarts));
        foreach (var fold in _foldStarts)
        {
            Section<long>(CollectionsMarshal.AsSpan(fold));
        }

        Section<int>(CollectionsMarshal.AsSpan(_labelStarts));
        Section<LabelPlace>(CollectionsMarshal.AsSpan(_labels));
        Section<LabelPair>(CollectionsMarshal.AsSpan(pairs));
        Section<int>(postings);
        Section<long>(replaced.ToArray());
        var checksum = (ulong)RecordBuffer.Checksum(output.GetBuffer().AsSpan(0, (int)output.Length));
        output.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(ref checksum)));
        return output.GetBuffer().AsMemory(0, (int)output.Length);

        void Section<T>(ReadOnlySpan<T> table)
            where T : struct
        {
            output.Write(MemoryMarshal.AsBytes(table));
            while (output.Length % 8 != 0)
            {
                output.WriteByte(0);
            }
        }
    }

    private int Number(string text)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_texts, text, out var known);
        return known ? number : number = _texts.Count - 1;
    }

    private void AddStarts(long samples, ReadOnlySpan<long> folds)
    {
        _sampleStarts.Add(samples);
        for (var i = 0; i < folds.Length; i++)
        {
            _foldStarts[i].Add(folds[i]);
        }
    }

    private (int[] Starts, byte[] Texts) SortTexts()
    {
        var sorted = _texts.Select(text => (Bytes: Encoding.UTF8.GetBytes(text.Key), Number: text.Value)).ToArray();
        Array.Sort(sorted, (one, other) => one.Bytes.AsSpan().SequenceCompareTo(other.Bytes));
        var places = new int[sorted.Length];
        var starts = new int[sorted.Length + 1];
        var texts = new MemoryStream();
        for (var i = 0; i < sorted.Length; i++)
        {
            places[sorted[i].Number] = i;
            starts[i] = (int)texts.Length;
            texts.Write(sorted[i].Bytes);
        }

        starts[^1] = (int)texts.Length;
        foreach (ref var label in CollectionsMarshal.AsSpan(_labels))
        {
            label = new LabelPlace(places[label.Name], places[label.Value]);
        }

        return (starts, texts.ToArray());
    }

    private (List<LabelPair> Pairs, int[] Postings) Invert()
    {
        var entries = new (int Name, int Value, int Series)[_labels.Count];
        for (var series = 0; series < Series; series++)
        {
            for (var i = _labelStarts[series]; i < _labelStarts[series + 1]; i++)
            {
                entries[i] = (_labels[i].Name, _labels[i].Value, series);
            }
        }

        Array.Sort(entries);
        var pairs = new List<LabelPair>();
        var postings = new int[entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            if (i == 0 || entries[i].Name != entries[i - 1].Name || entries[i].Value != entries[i - 1].Value)
            {
                pairs.Add(new LabelPair(entries[i].Name, entries[i].Value, i));
            }

            postings[i] = entries[i].Series;
        }

        pairs.Add(new LabelPair(int.MaxValue, int.MaxValue, postings.Length));
        return (pairs, postings);
    }
}
