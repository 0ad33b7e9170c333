using System.Text.Json.Nodes;

namespace Slipway.Cli.Telemetry;

/// <summary>One row of the table: a service, or one instance of it.</summary>
internal sealed record TopRow(string Namespace, string Service, string Instance)
{
    public bool? Up { get; set; }

    public double? Requests { get; set; }

    public double? ErrorShare { get; set; }

    public double? Median { get; set; }

    public double? P95 { get; set; }

    public double? Ready { get; set; }

    public double? Frozen { get; set; }

    public double? Cores { get; set; }

    public double? MemoryBytes { get; set; }

    public double? Restarts { get; set; }
}

/// <summary>Asks for everything the table shows, in a fixed number of questions however many services there are.</summary>
internal static class TopFigures
{
    private const string Each = "sum by (namespace, service)";

    private static readonly (string Expression, Action<TopRow, double> Set)[] s_ofServices =
    [
        ("slipway_service_up", (row, value) => row.Up = value > 0),
        ($"{Each} (rate(slipway_gateway_requests_total[1m]))", (row, value) => row.Requests = value),
        ($"{Each} (rate(slipway_gateway_requests_total{{code=\"5xx\"}}[1m])) / {Each} (rate(slipway_gateway_requests_total[1m]))", (row, value) => row.ErrorShare = value),
        (Quantile(0.5), (row, value) => row.Median = value),
        (Quantile(0.95), (row, value) => row.P95 = value),
        ("slipway_service_instances", (row, value) => row.Ready = value),
        ($"{Each} (slipway_instances{{state=\"frozen\"}})", (row, value) => row.Frozen = value),
        ($"{Each} (rate(slipway_instance_cpu_seconds_total[1m]))", (row, value) => row.Cores = value),
        ($"{Each} (slipway_instance_memory_bytes)", (row, value) => row.MemoryBytes = value),
        ($"{Each} (slipway_instance_restarts_total)", (row, value) => row.Restarts = value),
    ];

    private static readonly (string Expression, Action<TopRow, double> Set)[] s_ofInstances =
    [
        ("rate(slipway_instance_cpu_seconds_total[1m])", (row, value) => row.Cores = value),
        ("slipway_instance_memory_bytes", (row, value) => row.MemoryBytes = value),
    ];

    public static async Task<IReadOnlyList<TopRow>> ReadAsync(TelemetryClient telemetry, DateTimeOffset now, bool instances, string? @namespace, CancellationToken cancellation)
    {
        var rows = new Dictionary<(string, string, string), TopRow>();
        foreach (var (expression, set) in instances ? [.. s_ofServices, .. s_ofInstances] : s_ofServices)
        {
            var data = await telemetry.DataAsync("/api/v1/query", [("query", expression), ("time", TimeWords.UnixSeconds(now))], cancellation);
            Fill(rows, data, set);
        }

        return
        [
            .. rows.Values.Where(row => row.Service.Length > 0 && (@namespace is null || row.Namespace == @namespace))
                .OrderBy(row => row.Namespace, StringComparer.Ordinal).ThenBy(row => row.Service, StringComparer.Ordinal).ThenBy(row => row.Instance, StringComparer.Ordinal),
        ];
    }

    internal static void Fill(Dictionary<(string, string, string), TopRow> rows, JsonNode data, Action<TopRow, double> set)
    {
        foreach (var element in data["result"]!.AsArray())
        {
            var labels = element!["metric"]!;
            var key = ((string?)labels["namespace"] ?? "", (string?)labels["service"] ?? "", (string?)labels["instance"] ?? "");
            if (!rows.TryGetValue(key, out var row))
            {
                rows[key] = row = new TopRow(key.Item1, key.Item2, key.Item3);
            }

            set(row, Figures.Parse((string?)element["value"]![1]));
        }
    }

    private static string Quantile(double quantile) =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"histogram_quantile({quantile}, sum by (namespace, service, le) (rate(slipway_gateway_request_duration_seconds_bucket[1m])))");
}
