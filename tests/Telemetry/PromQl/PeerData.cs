using System.Globalization;
using System.Text;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Tests.PromQl;

/// <summary>Three hours of all that makes evaluation hard: resets, holes, series that end, numbers that are none, uneven times.</summary>
internal static class PeerData
{
    public const long Start = 1_700_006_400_000;

    private const int Steps = 720;

    public static MemorySeries Make()
    {
        var random = new Random(20_260);
        var data = new MemorySeries();
        foreach (var job in new[] { "api", "web" })
        {
            for (var instance = 0; instance < 3; instance++)
            {
                foreach (var code in new[] { "200", "500" })
                {
                    data.Add(Labels("requests_total", ("job", job), ("instance", $"{job}-{instance}"), ("code", code)), Counter(random, code == "200" ? 40 : 3));
                }

                data.Add(Labels("errors_total", ("job", job), ("instance", $"{job}-{instance}")), Counter(random, 5));
                data.Add(Labels("build_info", ("job", job), ("instance", $"{job}-{instance}"), ("version", $"1.{instance % 2}")), Every(15_000, _ => 1));
            }

            data.Add(Labels("latency_seconds_count", ("job", job)), Counter(random, 20));
            var counts = new double[6];
            var buckets = Enumerable.Range(0, 6).Select(_ => new List<Sample>()).ToArray();
            for (var step = 0; step < Steps; step++)
            {
                var all = 0d;
                for (var bucket = 0; bucket < 6; bucket++)
                {
                    all += random.Next(0, 5);
                    counts[bucket] += all;
                    buckets[bucket].Add(new Sample(Start + (step * 15_000L), counts[bucket]));
                }
            }

            string[] bounds = ["0.05", "0.1", "0.25", "1", "2.5", "+Inf"];
            for (var bucket = 0; bucket < 6; bucket++)
            {
                data.Add(Labels("latency_seconds_bucket", ("job", job), ("le", bounds[bucket])), buckets[bucket]);
            }
        }

        data.Add(Labels("temperature", ("zone", "north"), ("floor", "1")), Every(15_000, at => Math.Round(20 + (8 * Math.Sin(at / 900_000d)), 3)));
        data.Add(Labels("temperature", ("zone", "south"), ("floor", "1")), Every(15_000, at => Math.Round(-4 + (9 * Math.Cos(at / 600_000d)), 3)).Where(sample => sample.At < Start + 3_000_000 || sample.At > Start + 4_700_000));
        data.Add(Labels("temperature", ("zone", "west"), ("floor", "2")), Every(15_000, _ => 12.5).Where(sample => sample.At < Start + 3_500_000));
        data.Add(Labels("temperature", ("zone", "east"), ("floor", "2")), Every(47_300, at => Math.Round(random.NextDouble() * 30, 4)));
        data.Add(Labels("odd", ("kind", "nan")), Every(15_000, _ => double.NaN));
        data.Add(Labels("odd", ("kind", "inf")), Every(15_000, _ => double.PositiveInfinity));
        data.Add(Labels("odd", ("kind", "minus")), Every(15_000, _ => double.NegativeInfinity));
        data.Add(Labels("odd", ("kind", "tiny")), Every(15_000, _ => 3.25e-9));
        data.Add(Labels("odd", ("kind", "huge")), Every(15_000, at => at % 60_000 == 0 ? 1.5e300 : 1.25e300));
        data.Add(Labels("odd", ("kind", "mixed")), Every(15_000, at => at % 60_000 == 0 ? double.NaN : at / 1000d));
        data.Add(Labels("queue:length:avg", ("job", "api")), Every(30_000, at => (at / 30_000) % 7));
        data.Add(Labels("level", ("job", "api"), ("path", "/a\"b\\c")), Every(60_000, at => (at / 60_000) % 4));
        data.Add(Labels("level", ("job", "web"), ("path", "/übung")), Every(60_000, at => (at / 60_000) % 3));
        data.Add(Labels("level", ("job", "cron"), ("path", "")), Every(60_000, at => -((at / 60_000) % 5)));
        data.Add(Labels("born", ("job", "api")), Every(60_000, _ => Start / 1000d));
        return data;
    }

    /// <summary>The same for promtool, which makes blocks out of OpenMetrics text.</summary>
    public static string OpenMetrics(MemorySeries data)
    {
        var text = new StringBuilder();
        foreach (var (labels, samples) in data.All)
        {
            foreach (var sample in samples)
            {
                var value = double.IsNaN(sample.Value) ? "NaN" : double.IsInfinity(sample.Value) ? (sample.Value > 0 ? "+Inf" : "-Inf") : sample.Value.ToString("R", CultureInfo.InvariantCulture);
                text.Append(CultureInfo.InvariantCulture, $"{labels} {value} {sample.At / 1000m}\n");
            }
        }

        return text.Append("# EOF\n").ToString();
    }

    private static LabelSet Labels(string metric, params (string, string)[] labels) => LabelSet.Of([(LabelSet.MetricName, metric), .. labels]);

    private static IEnumerable<Sample> Every(long step, Func<long, double> value)
    {
        for (var at = 0L; at < Steps * 15_000L; at += step)
        {
            yield return new Sample(Start + at, value(at));
        }
    }

    private static IEnumerable<Sample> Counter(Random random, int most)
    {
        var value = (double)random.Next(0, 50);
        var late = random.Next(0, 14_000);
        for (var step = 0; step < Steps; step++)
        {
            value = random.Next(0, 120) == 0 ? random.Next(0, 3) : value + random.Next(0, most);

            // One in forty is missed, and none comes exactly in time.
            if (random.Next(0, 40) != 0)
            {
                yield return new Sample(Start + (step * 15_000L) + late + random.Next(0, 200), value);
            }
        }
    }
}
