using Slipway.Sdk.Service;
using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Telemetry;

/// <summary>Where one kind of telemetry is sent, and how.</summary>
/// <param name="Address">Complete, with the path of the kind.</param>
internal sealed record OtlpTarget(Uri Address, bool Grpc, bool Gzip, TimeSpan Timeout, IReadOnlyList<KeyValuePair<string, string>> Headers);

/// <summary>The variables every OpenTelemetry program knows. Null where nothing is sent.</summary>
internal sealed record OtlpSettings
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>By custom the port of gRPC; the one of HTTP is 4318.</summary>
    private const int GrpcPort = 4317;

    public OtlpTarget? Spans { get; private init; }

    public OtlpTarget? Figures { get; private init; }

    /// <summary>What all spans and figures of the process share.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Resource { get; init; }

    public int QueueMax { get; init; } = 2_048;

    public int BatchMax { get; init; } = 512;

    /// <summary>How long a span waits for others to travel with.</summary>
    public TimeSpan SpanDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan FigureInterval { get; init; } = TimeSpan.FromSeconds(60);

    public static OtlpSettings? Read(ServiceSettings settings, ServiceIdentity identity)
    {
        if (settings.Flag("OTEL_SDK_DISABLED", false))
        {
            return null;
        }

        var spans = Target(settings, "TRACES", "v1/traces", "opentelemetry.proto.collector.trace.v1.TraceService/Export", "otlp");
        var figures = Target(
            settings, "METRICS", "v1/metrics", "opentelemetry.proto.collector.metrics.v1.MetricsService/Export", IsScraped(settings) ? "none" : "otlp");
        if (spans is null && figures is null)
        {
            return null;
        }

        var queue = settings.Number("OTEL_BSP_MAX_QUEUE_SIZE", 2_048, 1, 1_000_000);
        return new OtlpSettings
        {
            Spans = spans,
            Figures = figures,
            Resource = ResourceOf(settings, identity),
            QueueMax = queue,
            BatchMax = Math.Min(queue, settings.Number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 512, 1, 8_192)),
            SpanDelay = AtLeast(settings, "OTEL_BSP_SCHEDULE_DELAY", 1_000),
            FigureInterval = AtLeast(settings, "OTEL_METRIC_EXPORT_INTERVAL", 60_000),
        };
    }

    /// <summary>On the platform somebody comes for the figures, so sending them as well would only count them twice.</summary>
    private static bool IsScraped(ServiceSettings settings) => settings.Text("K_REVISION") is not null && settings.Text("SLIPWAY_GATEWAY") is not null;

    private static OtlpTarget? Target(ServiceSettings settings, string kind, string path, string method, string usual)
    {
        var exporter = kind == "METRICS"
            ? settings.Choice("OTEL_METRICS_EXPORTER", usual, "otlp", "none", "prometheus")
            : settings.Choice($"OTEL_{kind}_EXPORTER", usual, "otlp", "none");
        var own = $"OTEL_EXPORTER_OTLP_{kind}_ENDPOINT";
        var name = settings.Text(own) is null ? Endpoint : own;
        if (exporter != "otlp" || settings.Text(name) is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            settings.Mistaken($"{name} must be an address such as http://127.0.0.1:4318, not \"{text}\".");
            return null;
        }

        var grpc = settings.Choice(Either(settings, kind, "PROTOCOL"), address.Port == GrpcPort ? "grpc" : "http/protobuf", "http/protobuf", "grpc") == "grpc";
        var whole = grpc ? new Uri(new Uri(address.GetLeftPart(UriPartial.Authority)), method)
            : name == own ? address
            : new Uri($"{address.AbsoluteUri.TrimEnd('/')}/{path}");
        return new OtlpTarget(
            whole,
            grpc,
            settings.Choice(Either(settings, kind, "COMPRESSION"), "none", "none", "gzip") == "gzip",
            AtLeast(settings, Either(settings, kind, "TIMEOUT"), 5_000),
            [.. Pairs(settings, Either(settings, kind, "HEADERS"))]);
    }

    /// <summary>What is said for one kind wins over what is said for all.</summary>
    private static string Either(ServiceSettings settings, string kind, string what) =>
        settings.Text($"OTEL_EXPORTER_OTLP_{kind}_{what}") is null ? $"OTEL_EXPORTER_OTLP_{what}" : $"OTEL_EXPORTER_OTLP_{kind}_{what}";

    private static List<KeyValuePair<string, string>> ResourceOf(ServiceSettings settings, ServiceIdentity identity)
    {
        var resource = new OrderedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["service.name"] = identity.Name,
            ["service.version"] = identity.Version,
            ["service.instance.id"] = identity.Instance,
            ["slipway.revision"] = identity.Revision,
            ["telemetry.sdk.name"] = "slipway",
            ["telemetry.sdk.language"] = "dotnet",
        };
        foreach (var (name, value) in Pairs(settings, "OTEL_RESOURCE_ATTRIBUTES"))
        {
            resource[name] = value;
        }

        resource["service.name"] = settings.Text("OTEL_SERVICE_NAME", resource["service.name"]);
        return [.. resource];
    }

    /// <summary><c>name=value,name=value</c>, with values percent-encoded.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Pairs(ServiceSettings settings, string name)
    {
        foreach (var pair in (settings.Text(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                // The value may be a secret, so only its variable is named.
                settings.Mistaken($"{name} must be a list such as name=value,other=value.");
                yield break;
            }

            yield return new(pair[..equals].Trim(), Uri.UnescapeDataString(pair[(equals + 1)..].Trim()));
        }
    }

    private static TimeSpan AtLeast(ServiceSettings settings, string name, int otherwise)
    {
        var value = settings.Milliseconds(name, otherwise);
        if (value >= TimeSpan.FromMilliseconds(10))
        {
            return value;
        }

        settings.Mistaken($"{name} must be at least 10 (milliseconds).");
        return TimeSpan.FromMilliseconds(otherwise);
    }
}
