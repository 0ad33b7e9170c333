using System.Text;
using System.Text.Unicode;
using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Exposition;

/// <summary>
/// Reads the pages of one target, one after the other, not on two threads at once. It remembers the series of the last page by the
/// bytes they are written with: a page of the same series costs no memory. Whatever the bytes are it does not throw; a page with a
/// mistake is refused as a whole (code <c>bad-exposition</c>, with the line), since half of it may mean something else.
/// </summary>
/// <param name="target">
/// Labels every series gets. A label of the same name and another value on the page becomes <c>exported_…</c>.
/// </param>
public sealed class ExpositionReader(LabelSet target, ExpositionLimits? limits = null)
{
    private readonly ExpositionLimits _limits = limits ?? new ExpositionLimits();
    private readonly Dictionary<byte[], KnownSeries> _series = new(ByteComparer.Instance);
    private readonly FamilyCache _families = new();
    private readonly List<LabelSet> _vanished = [];
    private IncomingSample[] _samples = new IncomingSample[64];
    private int _count;
    private long _page;
    private bool _delivered;

    /// <summary>Of the page read last; good until the next is read.</summary>
    public ReadOnlySpan<IncomingSample> Samples => _samples.AsSpan(0, _count);

    /// <summary>What the page read last told anew about its metrics.</summary>
    public IReadOnlyList<MetricMetadata> Metadata => _delivered ? _families.Changed : [];

    /// <summary>Series that were on the page before and are not on this one: they have ended, and want a stale mark.</summary>
    public IReadOnlyList<LabelSet> Vanished => _vanished;

    /// <summary>The series of the page read last, which have ended if the target is gone.</summary>
    public IEnumerable<LabelSet> Known => _series.Values.Where(series => !series.Timed).Select(series => series.Labels);

    /// <summary>Forgets the target's series, so that the next page tells everything anew.</summary>
    public void Forget()
    {
        _series.Clear();
        _families.Clear();
        _vanished.Clear();
        _count = 0;
    }

    /// <param name="at">The time of samples that have none of their own, in milliseconds since 1970.</param>
    public Failure? Read(ReadOnlySpan<byte> page, ExpositionForm form, long at)
    {
        _page++;
        _count = 0;
        _vanished.Clear();
        _families.Begin(_delivered);
        _delivered = false;
        var number = 0;
        var ended = false;
        while (!page.IsEmpty)
        {
            var end = page.IndexOf((byte)'\n');
            var line = end < 0 ? page : page[..end];
            page = end < 0 ? [] : page[(end + 1)..];
            number++;
            if (ended)
            {
                return Refuse(number, "something follows # EOF");
            }

            if (line.Length > _limits.LineBytesMax)
            {
                return Refuse(number, $"the line has {line.Length} bytes, more than {_limits.LineBytesMax}");
            }

            if (number > _limits.LinesMax)
            {
                return Refuse(number, $"the page has more than {_limits.LinesMax} lines");
            }

            line = line.Trim(" \t\r"u8);
            if (line.IsEmpty)
            {
                continue;
            }

            if (!Utf8.IsValid(line))
            {
                return Refuse(number, "the line is not UTF-8");
            }

            if (line[0] == '#')
            {
                ended = form == ExpositionForm.OpenMetrics && line.SequenceEqual("# EOF"u8);
                if (!ended && _families.Read(line, form) is { } odd)
                {
                    return Refuse(number, odd);
                }
            }
            else if (ReadSample(line, form, at) is { } wrong)
            {
                return Refuse(number, wrong);
            }
        }

        if (form == ExpositionForm.OpenMetrics && !ended)
        {
            return Refuse(number, "the page does not end with # EOF, so a part of it may be missing");
        }

        FindVanished();
        _delivered = true;
        return null;
    }

    private Failure Refuse(int line, string reason)
    {
        _count = 0;
        _vanished.Clear();
        if (_series.Count > 2 * _limits.SamplesMax)
        {
            // Pages that are refused one after the other must not fill the memory with what they say.
            _series.Clear();
        }

        return new Failure(FailureKind.Malformed, "bad-exposition", $"line {line}: {reason}");
    }

    private string? ReadSample(ReadOnlySpan<byte> line, ExpositionForm form, long at)
    {
        if (_count >= _limits.SamplesMax)
        {
            return $"the page has more than {_limits.SamplesMax} samples";
        }

        var end = SeriesText.EndOf(line, mayExemplar: form == ExpositionForm.OpenMetrics);
        if (end < 0)
        {
            return "'}' is missing";
        }

        var text = line[..end];
        var rest = line[end..].TrimStart(" \t"u8);
        var value = Token(ref rest);
        if (value.IsEmpty)
        {
            return $"the series {SeriesText.Shown(text)} has no value";
        }

        if (!NumberText.TryValue(value, out var number))
        {
            return $"'{SeriesText.Shown(value)}' is no number";
        }

        var timed = !rest.IsEmpty && rest[0] != '#';
        if (timed)
        {
            var time = Token(ref rest);
            if (form == ExpositionForm.Text ? !NumberText.TryMilliseconds(time, out at) : !NumberText.TrySeconds(time, out at))
            {
                return $"'{SeriesText.Shown(time)}' is no time";
            }
        }

        if (!rest.IsEmpty && (form == ExpositionForm.Text || rest[0] != '#'))
        {
            return $"'{SeriesText.Shown(rest)}' stands behind the sample";
        }

        var lookup = _series.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!lookup.TryGetValue(text, out var series))
        {
            var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
            if (SeriesText.Read(text, _limits, labels) is { } wrong)
            {
                return wrong;
            }

            series = new KnownSeries(StringPool.Shared.Pooled(WithTarget(labels)));
            lookup[text] = series;
        }

        (series.Page, series.Timed) = (_page, timed);
        Exemplar? exemplar = null;
        if (!rest.IsEmpty && ReadExemplar(rest, at, series, out exemplar) is { } oddExemplar)
        {
            return oddExemplar;
        }

        if (_count == _samples.Length)
        {
            Array.Resize(ref _samples, _samples.Length * 2);
        }

        _samples[_count++] = new IncomingSample(series.Labels, at, number, exemplar);
        return null;
    }

    private string? ReadExemplar(ReadOnlySpan<byte> text, long at, KnownSeries series, out Exemplar? exemplar)
    {
        exemplar = series.Exemplar;
        if (text.SequenceEqual(series.ExemplarText))
        {
            return null;
        }

        exemplar = null;
        var rest = text[1..].TrimStart(" \t"u8);
        var end = rest.IsEmpty || rest[0] != '{' ? -1 : SeriesText.EndOfLabels(rest, 0);
        if (end < 0)
        {
            return "an exemplar is not {label=\"value\",…} value";
        }

        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (SeriesText.ReadLabels(rest[1..(end - 1)], _limits, labels, mayName: false) is { } wrong)
        {
            return "in the exemplar: " + wrong;
        }

        rest = rest[end..].TrimStart(" \t"u8);
        if (!NumberText.TryValue(Token(ref rest), out var value))
        {
            return "the exemplar has no value";
        }

        var time = Token(ref rest);
        if (!time.IsEmpty && !NumberText.TrySeconds(time, out at))
        {
            return $"'{SeriesText.Shown(time)}' is no time of an exemplar";
        }

        if (!rest.IsEmpty)
        {
            return $"'{SeriesText.Shown(rest)}' stands behind the exemplar";
        }

        if (labels.Sum(label => label.Key.Length + label.Value.Length) <= _limits.ExemplarCharactersMax)
        {
            exemplar = new Exemplar(LabelSet.From(labels), value, at);
        }

        (series.ExemplarText, series.Exemplar) = (text.ToArray(), exemplar);
        return null;
    }

    private LabelSet WithTarget(SortedDictionary<string, string> labels)
    {
        foreach (var (name, value) in target)
        {
            if (labels.TryGetValue(name, out var scraped) && scraped != value)
            {
                var exported = "exported_" + name;
                while (labels.ContainsKey(exported) || target[exported].Length > 0)
                {
                    exported = "exported_" + exported;
                }

                labels[exported] = scraped;
            }

            labels[name] = value;
        }

        return LabelSet.From(labels);
    }

    private void FindVanished()
    {
        List<byte[]>? gone = null;
        foreach (var (text, series) in _series)
        {
            if (series.Page == _page)
            {
                continue;
            }

            (gone ??= []).Add(text);
            if (!series.Timed)
            {
                _vanished.Add(series.Labels);
            }
        }

        gone?.ForEach(text => _series.Remove(text));

        // The same labels may have come back in another order or with other blanks.
        if (_vanished.Count > 0)
        {
            var present = _series.Values.Select(series => series.Labels).ToHashSet();
            _vanished.RemoveAll(present.Contains);
        }
    }

    private static ReadOnlySpan<byte> Token(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAny((byte)' ', (byte)'\t');
        var token = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[end..].TrimStart(" \t"u8);
        return token;
    }
}
