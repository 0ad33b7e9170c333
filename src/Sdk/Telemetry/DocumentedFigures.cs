namespace Slipway.Sdk.Telemetry;

/// <summary>
/// The figures of requests under the names that documents and dashboards use. They are summed up from what is counted already when
/// somebody asks, so a request pays nothing for them. A service that counts under one of these names itself keeps its own.
/// </summary>
internal static class DocumentedFigures
{
    private const string Measured = "http_server_request_duration_seconds";
    private const string Durations = "http_request_duration_seconds";
    private const string Requests = "http_requests";

    public static IEnumerable<MetricFamily> Of(string service, IReadOnlyList<MetricFamily> families)
    {
        if (families.FirstOrDefault(family => family.Name == Measured) is not { } measured)
        {
            yield break;
        }

        if (!families.Any(family => family.Name == Durations))
        {
            var durations = new MetricFamily(Durations, measured.Help, MetricKind.Histogram, measured.Bounds);
            foreach (var (labels, series) in measured.Histograms)
            {
                durations.Histogram([new("service", service), new("method", Value(labels, "http.request.method")), new("endpoint", Value(labels, "http.route"))]).Add(series);
            }

            yield return durations;
        }

        if (!families.Any(family => family.Name == Requests))
        {
            var requests = new MetricFamily(Requests, "Requests answered.", MetricKind.Counter, []);
            foreach (var (labels, series) in measured.Histograms)
            {
                requests.Scalar([new("service", service), new("status", Value(labels, "http.response.status_code"))]).Add(series.Counts().Sum());
            }

            yield return requests;
        }
    }

    /// <summary>The series for what no longer had room has no labels of its own.</summary>
    private static object Value(Labels labels, string name) => labels.Pairs.FirstOrDefault(pair => pair.Key == name).Value ?? "overflow";
}
