using System.Globalization;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs;

namespace Slipway.Bench.Logs;

/// <summary>Lines as services write them: JSON, some 200 bytes, with a trace shared by five of them.</summary>
internal sealed class SampleLines(long start)
{
    private static readonly string[] s_services = ["orders", "cart", "catalog", "payments", "inventory", "gateway", "insights", "todo"];
    private static readonly string[] s_levels = ["info", "info", "info", "info", "info", "info", "info", "warning", "debug", "error"];
    private static readonly string[] s_paths = ["/api/orders", "/api/cart/items", "/api/products/search", "/api/payments", "/health", "/api/stock/reserve"];

    private readonly Random _random = new(42);
    private readonly Dictionary<(int, int), LabelSet> _streams = [];
    private string _trace = "";
    private long _count;

    /// <summary>One trace in the middle of it all.</summary>
    public string? Remembered { get; private set; }

    public void Fill(LogRecord[] batch)
    {
        for (var index = 0; index < batch.Length; index++)
        {
            batch[index] = Next();
        }
    }

    private LogRecord Next()
    {
        if (_count % 5 == 0)
        {
            _trace = string.Create(CultureInfo.InvariantCulture, $"{_random.NextInt64():x16}{_random.NextInt64():x16}");
        }

        Remembered ??= _count > 20_000 ? _trace : null;
        var service = _random.Next(s_services.Length);
        var level = _random.Next(s_levels.Length);
        var at = start + (_count++ * 20_000);
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"timestamp":"2030-01-01T12:{{at / 60_000_000_000 % 60:00}}:{{at / 1_000_000_000 % 60:00}}.{{at / 1_000_000 % 1000:000}}Z","level":"{{s_levels[level]}}","message":"Request finished","method":"{{(level % 3 == 0 ? "POST" : "GET")}}","path":"{{s_paths[_random.Next(s_paths.Length)]}}","status":{{(level == 9 ? 500 : 200)}},"duration_ms":{{_random.Next(1, 900)}},"trace_id":"{{_trace}}","user":"u{{_random.Next(100_000)}}"}""");
        return new LogRecord(StreamOf(service, level), at, line, _trace);
    }

    private LabelSet StreamOf(int service, int level)
    {
        if (!_streams.TryGetValue((service, level), out var stream))
        {
            stream = LabelSet.Of(
                ("namespace", "shop"), ("service", s_services[service]), ("revision", s_services[service] + "-00001"),
                ("instance", s_services[service] + "-a1b2c3"), ("stream", "stdout"), ("level", s_levels[level]));
            _streams.Add((service, level), stream);
        }

        return stream;
    }
}
