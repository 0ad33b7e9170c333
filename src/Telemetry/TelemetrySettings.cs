using System.Globalization;

namespace Slipway.Telemetry;

/// <summary>Everything the environment may say about telemetry, read once and checked as a whole.</summary>
public sealed record TelemetrySettings
{
    private const long Mebibyte = 1L << 20;

    /// <summary>Nothing is collected and no door is opened when false.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Where questions are asked; 0 opens no door.</summary>
    public int Port { get; init; } = 9090;

    /// <summary>Where programs send spans, figures and lines over HTTP; 0 opens no door.</summary>
    public int OtlpPort { get; init; } = 4318;

    /// <summary>The same over gRPC.</summary>
    public int OtlpGrpcPort { get; init; } = 4317;

    /// <summary>Everybody on this machine may ask, without a token.</summary>
    public bool Open { get; init; }

    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(15);

    public TimeSpan ScrapeInterval { get; init; } = TimeSpan.FromSeconds(15);

    public long MetricsBytesMax { get; init; } = 2048 * Mebibyte;

    public long LogsBytesMax { get; init; } = 4096 * Mebibyte;

    public long TracesBytesMax { get; init; } = 2048 * Mebibyte;

    /// <summary>Memory of all stores together.</summary>
    public long MemoryBytesMax { get; init; } = 256 * Mebibyte;

    public int SeriesMax { get; init; } = 100_000;

    public int SeriesPerSourceMax { get; init; } = 20_000;

    /// <summary>The share of ordinary traces that is kept.</summary>
    public double TraceRatio { get; init; } = 0.10;

    /// <summary>Other shares, by service.</summary>
    public IReadOnlyDictionary<string, double> TraceRatios { get; init; } = new Dictionary<string, double>();

    /// <summary>A trace that took so long is always kept.</summary>
    public TimeSpan TraceSlow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Another system that gets all spans and figures, over OTLP and HTTP.</summary>
    public Uri? OtlpExport { get; init; }

    /// <summary>Headers the other system wants, such as its key.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> OtlpExportHeaders { get; init; } = [];

    /// <summary>What it gets: any of <c>traces</c>, <c>metrics</c> and <c>logs</c>.</summary>
    public IReadOnlyList<string> OtlpExportSignals { get; init; } = ["traces", "metrics"];

    /// <summary>A Loki that gets all lines; user and password may stand in the address.</summary>
    public Uri? LokiExport { get; init; }

    /// <summary>Whose lines they are there, where that Loki serves several.</summary>
    public string? LokiTenant { get; init; }

    /// <summary>The ports that will be taken, by the variable that sets each.</summary>
    public IReadOnlyList<(string Name, int Port)> Ports { get; init; } = [];

    public static (TelemetrySettings Settings, IReadOnlyList<string> Problems) Read(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var reader = new Reader(variable);
        var enabled = reader.Flag("SLIPWAY_TELEMETRY", true);
        var standard = new TelemetrySettings();
        var settings = new TelemetrySettings
        {
            Enabled = enabled,
            Port = reader.Port("SLIPWAY_TELEMETRY_PORT", "PROMETHEUS_PORT", standard.Port),
            OtlpPort = reader.Port("SLIPWAY_OTLP_PORT", null, standard.OtlpPort),
            OtlpGrpcPort = reader.Port("SLIPWAY_OTLP_GRPC_PORT", null, standard.OtlpGrpcPort),
            Open = reader.Flag("SLIPWAY_TELEMETRY_OPEN", false),
            Retention = reader.Span("SLIPWAY_TELEMETRY_RETENTION", standard.Retention),
            ScrapeInterval = TimeSpan.FromSeconds(reader.Number("SLIPWAY_TELEMETRY_SCRAPE_SECONDS", 15, 1, 3600)),
            MetricsBytesMax = reader.Bytes("SLIPWAY_TELEMETRY_METRICS_BYTES", standard.MetricsBytesMax),
            LogsBytesMax = reader.Bytes("SLIPWAY_TELEMETRY_LOGS_BYTES", standard.LogsBytesMax),
            TracesBytesMax = reader.Bytes("SLIPWAY_TELEMETRY_TRACES_BYTES", standard.TracesBytesMax),
            MemoryBytesMax = reader.Bytes("SLIPWAY_TELEMETRY_MEMORY_BYTES", standard.MemoryBytesMax),
            SeriesMax = (int)reader.Number("SLIPWAY_TELEMETRY_SERIES", standard.SeriesMax, 1_000, 10_000_000),
            SeriesPerSourceMax = (int)reader.Number("SLIPWAY_TELEMETRY_SERIES_PER_SOURCE", standard.SeriesPerSourceMax, 100, 10_000_000),
            TraceRatio = reader.Ratio("SLIPWAY_TELEMETRY_TRACE_RATIO", standard.TraceRatio),
            TraceRatios = reader.Ratios("SLIPWAY_TELEMETRY_TRACE_RATIOS"),
            TraceSlow = TimeSpan.FromMilliseconds(reader.Number("SLIPWAY_TELEMETRY_TRACE_SLOW_MS", 1000, 0, 3_600_000)),
            OtlpExport = reader.Address("SLIPWAY_TELEMETRY_OTLP_EXPORT"),
            OtlpExportHeaders = reader.Headers("SLIPWAY_TELEMETRY_OTLP_EXPORT_HEADERS"),
            OtlpExportSignals = reader.Words("SLIPWAY_TELEMETRY_OTLP_EXPORT_SIGNALS", standard.OtlpExportSignals, ["traces", "metrics", "logs"]),
            LokiExport = reader.Address("SLIPWAY_TELEMETRY_LOKI_EXPORT"),
            LokiTenant = variable("SLIPWAY_TELEMETRY_LOKI_TENANT") is { Length: > 0 } tenant ? tenant : null,
        };
        return (settings with { Ports = enabled ? reader.Ports : [] }, reader.Problems);
    }

    private sealed class Reader(Func<string, string?> variable)
    {
        public List<string> Problems { get; } = [];

        public List<(string Name, int Port)> Ports { get; } = [];

        public bool Flag(string name, bool standard)
        {
            switch (variable(name)?.ToLowerInvariant())
            {
                case null or "":
                    return standard;
                case "true" or "on" or "1" or "yes":
                    return true;
                case "false" or "off" or "0" or "no":
                    return false;
                case var text:
                    Problems.Add($"{name}: must be true or false, was \"{text}\"");
                    return standard;
            }
        }

        public int Port(string name, string? alias, int standard)
        {
            var used = variable(name) is { Length: > 0 } ? name : alias is not null && variable(alias) is { Length: > 0 } ? alias : name;
            var port = (int)Number(used, standard, 0, 65535);
            if (port > 0)
            {
                Ports.Add((used, port));
            }

            return port;
        }

        public long Number(string name, long standard, long least, long most)
        {
            if (variable(name) is not { Length: > 0 } text)
            {
                return standard;
            }

            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            Problems.Add($"{name}: must be a whole number from {least} to {most}, was \"{text}\"");
            return standard;
        }

        public double Ratio(string name, double standard)
        {
            if (variable(name) is not { Length: > 0 } text)
            {
                return standard;
            }

            if (IsRatio(text, out var ratio))
            {
                return ratio;
            }

            Problems.Add($"{name}: must be a number from 0 to 1 such as 0.1, was \"{text}\"");
            return standard;
        }

        public Dictionary<string, double> Ratios(string name)
        {
            var found = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var entry in (variable(name) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (entry.Split('=') is [{ Length: > 0 } service, var text] && IsRatio(text, out var ratio))
                {
                    found[service] = ratio;
                }
                else
                {
                    Problems.Add($"{name}: write SERVICE=RATIO, separated by commas, such as orders=1,cart=0.5, was \"{entry}\"");
                }
            }

            return found;
        }

        public TimeSpan Span(string name, TimeSpan standard)
        {
            if (variable(name) is not { Length: > 0 } text)
            {
                return standard;
            }

            var seconds = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, 'w' => 604_800, 'y' => 31_536_000, _ => 0 };
            if (seconds > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number > 0 && (long)number * seconds <= 10L * 31_536_000)
            {
                return TimeSpan.FromSeconds((long)number * seconds);
            }

            Problems.Add($"{name}: must be a time up to 10y such as 15d, 36h or 90m, was \"{text}\"");
            return standard;
        }

        public long Bytes(string name, long standard)
        {
            if (variable(name) is not { Length: > 0 } text)
            {
                return standard;
            }

            var digits = text.TakeWhile(char.IsAsciiDigit).Count();
            var unit = text[digits..].Trim().ToUpperInvariant() switch
            {
                "" or "B" => 1L,
                "K" or "KI" or "KIB" => 1L << 10,
                "M" or "MI" or "MIB" => 1L << 20,
                "G" or "GI" or "GIB" => 1L << 30,
                "T" or "TI" or "TIB" => 1L << 40,
                _ => 0,
            };
            if (unit > 0 && long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number <= (1L << 50) / unit && number * unit >= 16 * Mebibyte)
            {
                return number * unit;
            }

            Problems.Add($"{name}: must be a size of at least 16MiB such as 512MiB or 2GiB, was \"{text}\"");
            return standard;
        }

        public Uri? Address(string name)
        {
            if (variable(name) is not { Length: > 0 } text)
            {
                return null;
            }

            if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https"))
            {
                return address;
            }

            Problems.Add($"{name}: must be an address such as http://collector:4318, was \"{text}\"");
            return null;
        }

        public IReadOnlyList<string> Words(string name, IReadOnlyList<string> standard, string[] known)
        {
            if (variable(name) is not { Length: > 0 } text)
            {
                return standard;
            }

            var words = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && words.All(known.Contains))
            {
                return words;
            }

            Problems.Add($"{name}: must be some of {string.Join(", ", known)}, separated by commas, was \"{text}\"");
            return standard;
        }

        public List<KeyValuePair<string, string>> Headers(string name)
        {
            var found = new List<KeyValuePair<string, string>>();
            foreach (var entry in (variable(name) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var split = entry.IndexOf('=', StringComparison.Ordinal);
                if (split <= 0)
                {
                    // What stands there may be a key; it is not shown.
                    Problems.Add($"{name}: write NAME=VALUE, separated by commas; one entry has no \"=\" behind a name");
                    continue;
                }

                found.Add(new(entry[..split].Trim(), Uri.UnescapeDataString(entry[(split + 1)..].Trim())));
            }

            return found;
        }

        private static bool IsRatio(string text, out double ratio) =>
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out ratio) && ratio is >= 0 and <= 1;
    }
}
