using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Slipway.Telemetry.Doors.Prometheus;

/// <summary>
/// The HTTP API of Prometheus, so that what was made for it works unchanged: Grafana, promtool and everything that queries or
/// federates. A question arrives here, waits for its turn at <see cref="QueryGate"/>, is answered by the engine away from the
/// threads that serve sockets, and is written by <see cref="ApiAnswer"/>.
/// </summary>
public static class PrometheusApi
{
    private static readonly string[] s_get = [HttpMethods.Get];
    private static readonly string[] s_getAndPost = [HttpMethods.Get, HttpMethods.Post];

    /// <returns>For all addresses together, such as to ask for a sign-in.</returns>
    public static IEndpointConventionBuilder MapPrometheusApi(this IEndpointRouteBuilder routes, PrometheusApiServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var gate = new QueryGate(services.QueriesAtOnceMax, services.QueriesWaitingMax);
        var start = services.Time.GetUtcNow();
        var group = routes.MapGroup("");
        var queries = new QueryEndpoints(services, gate);
        var series = new SeriesEndpoints(services, gate);
        var rules = new RuleEndpoints(services.Rules);
        var status = new StatusEndpoints(services, gate, start);
        group.MapMethods("/api/v1/query", s_getAndPost, queries.InstantAsync);
        group.MapMethods("/api/v1/query_range", s_getAndPost, queries.RangeAsync);
        group.MapMethods("/api/v1/query_exemplars", s_getAndPost, queries.ExemplarsAsync);
        group.MapMethods("/api/v1/format_query", s_getAndPost, QueryEndpoints.FormatAsync);
        group.MapMethods("/api/v1/series", s_getAndPost, series.SeriesAsync);
        group.MapMethods("/api/v1/labels", s_getAndPost, series.LabelsAsync);
        group.MapMethods("/api/v1/label/{name}/values", s_get, series.ValuesAsync);
        group.MapMethods("/api/v1/metadata", s_get, new MetadataEndpoint(services.Series).AnswerAsync);
        group.MapMethods("/api/v1/rules", s_get, rules.RulesAsync);
        group.MapMethods("/api/v1/alerts", s_get, rules.AlertsAsync);
        group.MapMethods("/api/v1/targets", s_get, new TargetsEndpoint(services.Targets).AnswerAsync);
        group.MapMethods("/api/v1/targets/metadata", s_get, TargetsEndpoint.MetadataAsync);
        group.MapMethods("/api/v1/status/buildinfo", s_get, status.BuildAsync);
        group.MapMethods("/api/v1/status/runtimeinfo", s_get, status.RuntimeAsync);
        group.MapMethods("/api/v1/status/flags", s_get, status.FlagsAsync);
        group.MapMethods("/api/v1/status/config", s_get, StatusEndpoints.ConfigurationAsync);
        group.MapMethods("/api/v1/status/tsdb", s_get, status.StorageAsync);
        group.MapMethods("/federate", s_get, new FederateEndpoint(services, gate).AnswerAsync);
        return group;
    }
}
