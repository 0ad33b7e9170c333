using System.Text;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Exposition;

/// <summary>What a target's pages say about its metrics in lines that start with <c>#</c>. What a page says again costs no memory.</summary>
internal sealed class FamilyCache
{
    private const int FamiliesMax = 20_000;
    private const int HelpCharactersMax = 1_024;

    private static readonly string[] s_kinds = ["counter", "gauge", "histogram", "summary", "unknown", "info", "stateset", "gaugehistogram"];

    private readonly Dictionary<byte[], Family> _families = new(ByteComparer.Instance);
    private readonly List<MetricMetadata> _changed = [];
    private readonly List<Family> _told = [];

    /// <summary>New or other than before.</summary>
    public IReadOnlyList<MetricMetadata> Changed
    {
        get
        {
            if (_changed.Count == 0)
            {
                _changed.AddRange(_told.Select(family => new MetricMetadata(family.Name, family.Kind, family.Help, family.Unit)));
            }

            return _changed;
        }
    }

    /// <param name="delivered">False after a page that was refused: what it told is told with the next one.</param>
    public void Begin(bool delivered)
    {
        _changed.Clear();
        if (delivered)
        {
            _told.ForEach(family => family.Told = false);
            _told.Clear();
        }
    }

    public void Clear()
    {
        Begin(delivered: true);
        _families.Clear();
    }

    /// <returns>What is wrong with the line; null if nothing is, or if it is a mere remark.</returns>
    public string? Read(ReadOnlySpan<byte> line, ExpositionForm form)
    {
        var rest = line[1..].TrimStart(" \t"u8);
        var word = Word(ref rest);
        var (isHelp, isType) = (word.SequenceEqual("HELP"u8), word.SequenceEqual("TYPE"u8));
        if (!isHelp && !isType && !(form == ExpositionForm.OpenMetrics && word.SequenceEqual("UNIT"u8)))
        {
            return null;
        }

        var name = Word(ref rest);
        if (name.Length > 1 && name[0] == '"' && name[^1] == '"')
        {
            name = name[1..^1];
        }
        else if (!SeriesText.IsName(name, colons: true))
        {
            return $"'{SeriesText.Shown(name)}' is no name of a metric";
        }

        var lookup = _families.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!lookup.TryGetValue(name, out var family))
        {
            if (_families.Count >= FamiliesMax)
            {
                return $"the target has told of more than {FamiliesMax} metrics";
            }

            family = new Family(SeriesText.Unescaped(name));
            lookup[name] = family;
        }

        if (isType)
        {
            if (Kind(rest) is not { } kind)
            {
                return $"'{SeriesText.Shown(rest)}' is no kind of metric";
            }

            if (family.Kind != kind)
            {
                family.Kind = kind;
                Tell(family);
            }
        }
        else if (isHelp && !rest.SequenceEqual(family.HelpText))
        {
            family.HelpText = rest.ToArray();
            var help = SeriesText.Unescaped(rest);
            family.Help = help.Length > HelpCharactersMax ? help[..HelpCharactersMax] : help;
            Tell(family);
        }
        else if (!isHelp && !rest.SequenceEqual(family.UnitText))
        {
            family.UnitText = rest.ToArray();
            family.Unit = Encoding.UTF8.GetString(rest[..Math.Min(rest.Length, 64)]);
            Tell(family);
        }

        return null;
    }

    private void Tell(Family family)
    {
        if (!family.Told)
        {
            family.Told = true;
            _told.Add(family);
        }
    }

    private static string? Kind(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("untyped"u8))
        {
            return "unknown";
        }

        foreach (var kind in s_kinds)
        {
            if (Ascii.Equals(text, kind))
            {
                return kind;
            }
        }

        return null;
    }

    private static ReadOnlySpan<byte> Word(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAny((byte)' ', (byte)'\t');
        var word = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[end..].TrimStart(" \t"u8);
        return word;
    }

    private sealed class Family(string name)
    {
        public string Name { get; } = name;

        public string Kind { get; set; } = "unknown";

        public string Help { get; set; } = "";

        public string Unit { get; set; } = "";

        public byte[] HelpText { get; set; } = [];

        public byte[] UnitText { get; set; } = [];

        public bool Told { get; set; }
    }
}
