using System.Buffers;
using System.Globalization;
using System.Text;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Exposition;

/// <summary>
/// Writes a page of figures. Families come one after the other, each with all its samples; <see cref="End"/> closes the page.
/// What the form cannot say is left out: exemplars and units in the text form.
/// </summary>
public sealed class ExpositionWriter(IBufferWriter<byte> output, ExpositionForm form)
{
    private const int NumberBytesMax = 32;

    /// <param name="name">As its samples are named; a counter ends in <c>_total</c>.</param>
    public void Family(string name, string kind, string help, string unit = "")
    {
        ArgumentNullException.ThrowIfNull(name);
        var open = form == ExpositionForm.OpenMetrics;
        var family = open && kind == "counter" && name.EndsWith("_total", StringComparison.Ordinal) ? name[..^6] : name;

        // OpenMetrics has counters whose samples end in _total and no others, and infos that end in _info.
        var told = kind switch
        {
            "counter" when open && family == name => "unknown",
            "unknown" or "" => open ? "unknown" : "untyped",
            "info" or "stateset" or "gaugehistogram" when !open => "untyped",
            "info" when !name.EndsWith("_info", StringComparison.Ordinal) => "unknown",
            _ => kind,
        };
        family = told == "info" ? family[..^5] : family;
        Raw("# TYPE "u8);
        Name(family);
        Raw(" "u8);
        Text(told);
        Raw("\n"u8);
        if (help.Length > 0)
        {
            Raw("# HELP "u8);
            Name(family);
            Raw(" "u8);
            Escaped(help, quotes: open);
            Raw("\n"u8);
        }

        if (open && unit.Length > 0 && family.EndsWith("_" + unit, StringComparison.Ordinal))
        {
            Raw("# UNIT "u8);
            Name(family);
            Raw(" "u8);
            Escaped(unit, quotes: false);
            Raw("\n"u8);
        }
    }

    /// <param name="at">Milliseconds since 1970; none for a figure of this moment.</param>
    public void Sample(LabelSet series, double value, long? at = null, Exemplar? exemplar = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        var metric = series.Metric;
        var plain = SeriesText.IsName(Encoding.UTF8.GetBytes(metric), colons: true);
        if (plain)
        {
            Text(metric);
        }

        Labels(series, plain ? null : metric);
        Raw(" "u8);
        Number(value);
        if (at is { } time)
        {
            Raw(" "u8);
            Time(time);
        }

        if (exemplar is not null && form == ExpositionForm.OpenMetrics)
        {
            Raw(" # "u8);
            Labels(exemplar.Labels, null, always: true);
            Raw(" "u8);
            Number(exemplar.Value);
            Raw(" "u8);
            Time(exemplar.At);
        }

        Raw("\n"u8);
    }

    public void End()
    {
        if (form == ExpositionForm.OpenMetrics)
        {
            Raw("# EOF\n"u8);
        }
    }

    private void Labels(LabelSet labels, string? quotedMetric, bool always = false)
    {
        var first = true;
        if (quotedMetric is not null)
        {
            Raw("{\""u8);
            Escaped(quotedMetric, quotes: true);
            Raw("\""u8);
            first = false;
        }

        for (var i = 0; i < labels.Count; i++)
        {
            var (name, value) = labels[i];
            if (name == LabelSet.MetricName)
            {
                continue;
            }

            Raw(first ? "{"u8 : ","u8);
            first = false;
            Name(name);
            Raw("=\""u8);
            Escaped(value, quotes: true);
            Raw("\""u8);
        }

        if (!first)
        {
            Raw("}"u8);
        }
        else if (always)
        {
            Raw("{}"u8);
        }
    }

    /// <summary>A name, in quotation marks if it has other characters than names used to have.</summary>
    private void Name(string name)
    {
        if (SeriesText.IsName(Encoding.UTF8.GetBytes(name), colons: true))
        {
            Text(name);
            return;
        }

        Raw("\""u8);
        Escaped(name, quotes: true);
        Raw("\""u8);
    }

    private void Time(long at)
    {
        if (form == ExpositionForm.Text)
        {
            Number(at);
            return;
        }

        var span = output.GetSpan(NumberBytesMax);
        (at / 1000m).TryFormat(span, out var written, "0.###", CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private void Number(double value) => output.Advance(NumberText.Format(value, output.GetSpan(NumberBytesMax)));

    private void Escaped(string text, bool quotes)
    {
        var rest = text.AsSpan();
        while (rest.IndexOfAny('\\', '\n', quotes ? '"' : '\\') is var at and >= 0)
        {
            Encoding.UTF8.GetBytes(rest[..at], output);
            Raw(rest[at] switch
            {
                '\\' => "\\\\"u8,
                '\n' => "\\n"u8,
                _ => "\\\""u8,
            });
            rest = rest[(at + 1)..];
        }

        Encoding.UTF8.GetBytes(rest, output);
    }

    private void Text(string text) => Encoding.UTF8.GetBytes(text, output);

    private void Raw(ReadOnlySpan<byte> bytes) => output.Write(bytes);
}
