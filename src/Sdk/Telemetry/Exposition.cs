using System.Globalization;
using System.Text;

namespace Slipway.Sdk.Telemetry;

/// <summary>Writes metrics as Prometheus text, or as OpenMetrics with exemplars.</summary>
internal sealed class Exposition(bool openMetrics)
{
    public const string PrometheusType = "text/plain; version=0.0.4; charset=utf-8";
    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private readonly StringBuilder _text = new(8_192);

    public void Write(MetricFamily family)
    {
        switch (family.Kind)
        {
            case MetricKind.Histogram:
                Begin(family.Name, family.Help, "histogram");
                foreach (var (labels, series) in Sorted(family.Histograms))
                {
                    Write(family.Name, labels.Text, series);
                }

                break;
            case MetricKind.Counter:
                BeginCounter(family.Name, family.Help);
                foreach (var (labels, series) in Sorted(family.Scalars))
                {
                    Sample(family.Name + "_total", labels.Text, series.Value);
                }

                break;
            default:
                Begin(family.Name, family.Help, "gauge");
                foreach (var (labels, series) in Sorted(family.Scalars))
                {
                    Sample(family.Name, labels.Text, series.Value);
                }

                break;
        }
    }

    public void Counter(string name, string help, double value)
    {
        BeginCounter(name, help);
        Sample(name + "_total", "", value);
    }

    public void Gauge(string name, string help, double value, string labels = "")
    {
        Begin(name, help, "gauge");
        Sample(name, labels, value);
    }

    public string End() => openMetrics ? _text.Append("# EOF\n").ToString() : _text.ToString();

    private static IEnumerable<KeyValuePair<Labels, T>> Sorted<T>(IEnumerable<KeyValuePair<Labels, T>> series) =>
        series.OrderBy(one => one.Key.Text, StringComparer.Ordinal);

    /// <summary>OpenMetrics names a counter without its suffix, the older format with it.</summary>
    private void BeginCounter(string name, string help) => Begin(openMetrics ? name : name + "_total", help, "counter");

    private void Begin(string name, string help, string type)
    {
        var line = help.ReplaceLineEndings(" ").Replace("\\", "\\\\", StringComparison.Ordinal);
        _text.Append("# HELP ").Append(name).Append(' ').Append(line).Append('\n')
            .Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    private void Write(string name, string labels, HistogramSeries series)
    {
        var counts = series.Counts();
        var total = 0L;
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            total += counts[bucket];
            var bound = bucket < series.Bounds.Count ? Number(series.Bounds[bucket]) : "+Inf";
            Name(name + "_bucket", labels.Length == 0 ? $"le=\"{bound}\"" : $"{labels},le=\"{bound}\"");
            _text.Append(CultureInfo.InvariantCulture, $"{total}");
            if (openMetrics && series.ExemplarAt(bucket) is { } exemplar)
            {
                _text.Append(CultureInfo.InvariantCulture, $" # {{trace_id=\"{exemplar.TraceId}\"}} {Number(exemplar.Value)} {exemplar.AtSeconds:0.000}");
            }

            _text.Append('\n');
        }

        Sample(name + "_sum", labels, series.Sum);
        Sample(name + "_count", labels, total);
    }

    private void Sample(string name, string labels, double value)
    {
        Name(name, labels);
        _text.Append(Number(value)).Append('\n');
    }

    private void Name(string name, string labels)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(' ');
    }

    private string Number(double value)
    {
        var text = double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

        // OpenMetrics spells bounds and values as floats.
        return openMetrics && text.All(character => char.IsAsciiDigit(character) || character == '-') ? text + ".0" : text;
    }
}
