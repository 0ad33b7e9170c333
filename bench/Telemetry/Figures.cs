using System.Globalization;
using System.Text;
using Slipway.Telemetry.Labels;

namespace Slipway.Bench.Telemetry;

/// <summary>
/// Series as services have them: of ten, six are counters (buckets of histograms mostly, half of them at rest), two gauges of whole
/// numbers, one a gauge of fractions, one never changes. Always the same ones.
/// </summary>
internal sealed class Figures
{
    private readonly double[] _values;
    private readonly Random _dice = new(42);

    public Figures(int count)
    {
        _values = new double[count];
        Labels = [.. Enumerable.Range(0, count).Select(i => LabelSet.Of(
            (LabelSet.MetricName, Name(i)),
            ("namespace", "default"),
            ("service", "service-" + (i / 100)),
            ("revision", $"service-{i / 100}-00007"),
            ("instance", $"service-{i / 100}-00007-x{i / 50}"),
            ("job", "service-" + (i / 100)),
            ("route", "/api/things/" + (i % 25)),
            ("le", (0.005 * (1 << (i % 10))).ToString(CultureInfo.InvariantCulture))))];
    }

    public LabelSet[] Labels { get; }

    public double this[int series] => _values[series];

    public void Next()
    {
        for (var i = 0; i < _values.Length; i++)
        {
            _values[i] = (i % 10) switch
            {
                0 or 1 or 2 => _values[i] + _dice.Next(0, 40),
                3 or 4 or 5 => _dice.Next(20) == 0 ? _values[i] + 1 : _values[i],
                6 or 7 => Math.Max(0, _values[i] + _dice.Next(-2, 3)),
                8 => _dice.NextDouble() * 100,
                _ => 1,
            };
        }
    }

    /// <summary>The same as a page of the text form.</summary>
    public byte[] Page()
    {
        var page = new StringBuilder();
        for (var i = 0; i < _values.Length; i++)
        {
            page.Append(Labels[i]).Append(' ').Append(_values[i].ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }

        return Encoding.UTF8.GetBytes(page.ToString());
    }

    /// <summary>Whole scrapes as OpenMetrics wants to have them: series by series.</summary>
    public static async Task WriteAsync(string path, int count, long start, int scrapes, int everyMilliseconds)
    {
        await using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        var columns = new double[count][];
        var figures = new Figures(count);
        for (var i = 0; i < count; i++)
        {
            columns[i] = new double[scrapes];
        }

        for (var scrape = 0; scrape < scrapes; scrape++)
        {
            figures.Next();
            for (var i = 0; i < count; i++)
            {
                columns[i][scrape] = figures[i];
            }
        }

        foreach (var metric in Enumerable.Range(0, count).GroupBy(i => figures.Labels[i].Metric))
        {
            await file.WriteAsync($"# TYPE {metric.Key} unknown\n");
            foreach (var i in metric)
            {
                var series = figures.Labels[i].ToString();
                for (var scrape = 0; scrape < scrapes; scrape++)
                {
                    var at = start + ((long)scrape * everyMilliseconds);
                    await file.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{series} {columns[i][scrape]:R} {at / 1000m:0.###}\n"));
                }
            }
        }

        await file.WriteAsync("# EOF\n");
    }

    private static string Name(int i) => (i % 10) switch
    {
        < 6 => "http_server_request_duration_seconds_bucket",
        6 => "http_server_requests_running",
        7 => "db_pool_connections",
        8 => "process_cpu_ratio",
        _ => "slipway_service_info",
    };
}
