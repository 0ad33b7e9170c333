using System.Runtime.InteropServices;
using System.Text;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics.Journal;
using Slipway.Telemetry.Metrics.Reading;

namespace Slipway.Telemetry.Metrics.Blocks;

/// <summary>
/// Which series a block has, by their labels, and where their samples are. It is read from its file in one go and used as it lies
/// there: nothing is unpacked but the texts that are asked for.
/// </summary>
internal sealed class BlockIndex
{
    private readonly byte[] _bytes;
    private readonly BlockHeader _header;
    private readonly string?[] _texts;
    private readonly Range _textStarts;
    private readonly Range _textBytes;
    private readonly Range _fingerprints;
    private readonly Range _firsts;
    private readonly Range _lasts;
    private readonly Range _counts;
    private readonly Range _sampleStarts;
    private readonly Range[] _foldStarts;
    private readonly Range _labelStarts;
    private readonly Range _labels;
    private readonly Range _pairs;
    private readonly Range _postings;
    private readonly Range _replaced;

    private BlockIndex(byte[] bytes, BlockHeader header)
    {
        (_bytes, _header) = (bytes, header);
        _texts = new string?[header.Texts];
        var at = Marshal.SizeOf<BlockHeader>();
        _textStarts = Next(4L * (header.Texts + 1));
        _textBytes = Next(header.TextBytes);
        _fingerprints = Next(16L * header.Series);
        _firsts = Next(8L * header.Series);
        _lasts = Next(8L * header.Series);
        _counts = Next(4L * header.Series);
        _sampleStarts = Next(8L * (header.Series + 1));
        _foldStarts = [.. Enumerable.Range(0, header.Folds).Select(_ => Next(8L * (header.Series + 1)))];
        _labelStarts = Next(4L * (header.Series + 1));
        _labels = Next(8L * header.Labels);
        _pairs = Next(12L * (header.Pairs + 1));
        _postings = Next(4L * header.Postings);
        _replaced = Next(8L * header.Replaced);
        if (at + 8 != bytes.Length)
        {
            throw new InvalidDataException("the index of a block is not as long as its header says");
        }

        Range Next(long length)
        {
            var start = at;
            at = checked(at + (int)((length + 7) / 8 * 8));
            return start..checked(start + (int)length);
        }
    }

    public int Bytes => _bytes.Length + (_texts.Length * 32);

    public int Series => _header.Series;

    public BlockHeader Header => _header;

    public ReadOnlySpan<UInt128> Fingerprints => Table<UInt128>(_fingerprints);

    public ReadOnlySpan<long> Firsts => Table<long>(_firsts);

    public ReadOnlySpan<long> Lasts => Table<long>(_lasts);

    public ReadOnlySpan<int> Counts => Table<int>(_counts);

    public ReadOnlySpan<long> Replaced => Table<long>(_replaced);

    /// <exception cref="InvalidDataException">The bytes are no index or were damaged.</exception>
    public static BlockIndex Of(byte[] bytes)
    {
        var head = Marshal.SizeOf<BlockHeader>();
        if (bytes.Length < head + 8 || MemoryMarshal.Read<uint>(bytes.AsSpan(bytes.Length - 8)) != RecordBuffer.Checksum(bytes.AsSpan(0, bytes.Length - 8)))
        {
            throw new InvalidDataException("the index of a block is damaged");
        }

        var header = MemoryMarshal.Read<BlockHeader>(bytes);
        return header.Magic == BlockHeader.Mark && header.Folds == Folding.Kept.Length
            ? new BlockIndex(bytes, header)
            : throw new InvalidDataException("the index of a block has a form that this version does not know");
    }

    /// <summary>Where the samples, or a fold of them, start in their file; the next series' start is the end.</summary>
    public ReadOnlySpan<long> Starts(SampleFold fold) => Table<long>(fold == SampleFold.None ? _sampleStarts : _foldStarts[(int)fold - 1]);

    public LabelSet LabelsOf(int series)
    {
        var starts = Table<int>(_labelStarts);
        var places = Table<LabelPlace>(_labels)[starts[series]..starts[series + 1]];
        var labels = new Label[places.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = new Label(Text(places[i].Name), Text(places[i].Value));
        }

        return LabelSet.FromSorted(labels);
    }

    /// <summary>The series that fit, in order.</summary>
    public int[] Find(IReadOnlyList<LabelMatcher> matchers)
    {
        var conditions = new BlockCondition[matchers.Count];
        ReadOnlySpan<int> fewest = default;
        var narrowed = false;
        for (var i = 0; i < conditions.Length; i++)
        {
            conditions[i] = Condition(matchers[i]);
            if (conditions[i].AcceptsMissing)
            {
                continue;
            }

            if (conditions[i].Only is { } only)
            {
                var postings = Postings(only);
                if (!narrowed || postings.Length < fewest.Length)
                {
                    fewest = postings;
                    narrowed = true;
                }
            }
            else if (conditions[i].Accepted!.Count == 0)
            {
                return [];
            }
        }

        var found = new List<int>(narrowed ? fewest.Length : Series);
        for (var i = 0; i < (narrowed ? fewest.Length : Series); i++)
        {
            var series = narrowed ? fewest[i] : i;
            if (Fits(series, conditions))
            {
                found.Add(series);
            }
        }

        return [.. found];
    }

    public IEnumerable<string> LabelNames()
    {
        var last = -1;
        for (var i = 0; i < _header.Pairs; i++)
        {
            var name = Table<LabelPair>(_pairs)[i].Name;
            if (name != last)
            {
                yield return Text(name);
            }

            last = name;
        }
    }

    public IEnumerable<string> LabelValues(string name)
    {
        var (start, end) = PairsOf(Find(name));
        for (var i = start; i < end; i++)
        {
            yield return Text(Table<LabelPair>(_pairs)[i].Value);
        }
    }

    private bool Fits(int series, ReadOnlySpan<BlockCondition> conditions)
    {
        var starts = Table<int>(_labelStarts);
        var places = Table<LabelPlace>(_labels)[starts[series]..starts[series + 1]];
        foreach (var condition in conditions)
        {
            var fits = condition.AcceptsMissing;
            foreach (var place in places)
            {
                if (place.Name == condition.Name)
                {
                    fits = condition.Only is { } only ? only.Value == place.Value : condition.Accepted!.Contains(place.Value);
                    break;
                }
            }

            if (!fits)
            {
                return false;
            }
        }

        return true;
    }

    private BlockCondition Condition(LabelMatcher matcher)
    {
        var name = Find(matcher.Name);
        if (matcher is { Kind: MatchKind.Equal, Value.Length: > 0 })
        {
            var value = Find(matcher.Value);
            return new BlockCondition(name, AcceptsMissing: false, name < 0 || value < 0 ? new LabelPlace(-1, -1) : new LabelPlace(name, value), null);
        }

        var accepted = new HashSet<int>();
        var (start, end) = PairsOf(name);
        for (var i = start; i < end; i++)
        {
            var value = Table<LabelPair>(_pairs)[i].Value;
            if (matcher.Accepts(Text(value)))
            {
                accepted.Add(value);
            }
        }

        return new BlockCondition(name, matcher.Accepts(""), null, accepted);
    }

    private ReadOnlySpan<int> Postings(LabelPlace label)
    {
        var pairs = Table<LabelPair>(_pairs);
        var place = LowerBound(label.Name, label.Value);
        return place < _header.Pairs && pairs[place].Name == label.Name && pairs[place].Value == label.Value
            ? Table<int>(_postings)[pairs[place].Start..pairs[place + 1].Start]
            : default;
    }

    private (int Start, int End) PairsOf(int name) => name < 0 ? (0, 0) : (LowerBound(name, 0), LowerBound(name + 1, 0));

    private int LowerBound(int name, int value)
    {
        var pairs = Table<LabelPair>(_pairs);
        var (low, high) = (0, _header.Pairs);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (pairs[middle].Name < name || (pairs[middle].Name == name && pairs[middle].Value < value))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <returns>Negative if no series has the text.</returns>
    private int Find(string text)
    {
        var wanted = Encoding.UTF8.GetBytes(text).AsSpan();
        var starts = Table<int>(_textStarts);
        var bytes = _bytes.AsSpan(_textBytes);
        var (low, high) = (0, _header.Texts - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = bytes[starts[middle]..starts[middle + 1]].SequenceCompareTo(wanted);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private string Text(int place)
    {
        if (_texts[place] is { } known)
        {
            return known;
        }

        var starts = Table<int>(_textStarts);
        var text = StringPool.Shared.Pooled(Encoding.UTF8.GetString(_bytes.AsSpan(_textBytes)[starts[place]..starts[place + 1]]));
        _texts[place] = text;
        return text;
    }

    private ReadOnlySpan<T> Table<T>(Range range)
        where T : struct => MemoryMarshal.Cast<byte, T>(_bytes.AsSpan(range));

    /// <param name="Only">The one label that fits; with a negative name if no series has it.</param>
    /// <param name="Accepted">The values that fit, if there may be several.</param>
    private readonly record struct BlockCondition(int Name, bool AcceptsMissing, LabelPlace? Only, HashSet<int>? Accepted);
}
