using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Telemetry.Alerts;

namespace Slipway.Telemetry.Doors.Alertmanager;

/// <summary>
/// Alertmanager's API, version 2, as far as its tools and Grafana use it: <c>amtool --alertmanager.url=…</c> works, and a Prometheus
/// elsewhere may send its alerts here. Who may call is decided by whoever maps it.
/// </summary>
public static class AlertmanagerApi
{
    public static void MapAlertmanagerApi(this IEndpointRouteBuilder routes, AlertEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var alerts = new AlertsDoor(engine);
        var silences = new SilencesDoor(engine);
        routes.MapGet("/api/v2/alerts", alerts.ListAsync);
        routes.MapPost("/api/v2/alerts", alerts.PostAsync);
        routes.MapGet("/api/v2/alerts/groups", alerts.GroupsAsync);
        routes.MapGet("/api/v2/silences", silences.ListAsync);
        routes.MapPost("/api/v2/silences", silences.PutAsync);
        routes.MapGet("/api/v2/silence/{id}", silences.GetAsync);
        routes.MapDelete("/api/v2/silence/{id}", silences.DeleteAsync);
        routes.MapGet("/api/v2/status", http => StatusDoor.StatusAsync(http, engine));
        routes.MapGet("/api/v2/receivers", http => StatusDoor.ReceiversAsync(http, engine));
    }

    /// <summary>For a port that is the alerts' own; beside other doors their owner maps these addresses.</summary>
    public static void MapAlertmanagerHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/-/healthy", http => http.Response.WriteAsync("OK"));
        routes.MapGet("/-/ready", http => http.Response.WriteAsync("OK"));
    }
}
