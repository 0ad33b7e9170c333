using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Telemetry.Logs;

namespace Slipway.Telemetry.Doors.Loki;

/// <summary>What the doors open to.</summary>
public sealed record LokiApiServices(LogStore Store, LogQlEngine Engine, TimeProvider Time)
{
    /// <summary>How old a pushed line may be: older ones would be deleted at once.</summary>
    public TimeSpan PushAgeMax { get; init; } = TimeSpan.FromDays(15);

    /// <summary>What a clock may be ahead.</summary>
    public TimeSpan PushAheadMax { get; init; } = TimeSpan.FromMinutes(10);

    public int PushBytesMax { get; init; } = 4 << 20;

    public int PushUnpackedBytesMax { get; init; } = 16 << 20;

    public int PushesMax { get; init; } = 4;
}

/// <summary>The addresses of Loki, so that whatever speaks to Loki can be pointed here. Who may come in is decided before.</summary>
public static class LokiApi
{
    private const string Root = "/loki/api/v1";

    public static void MapLokiApi(this IEndpointRouteBuilder routes, LokiApiServices services)
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(services);
        // Few queries at a time, since each may use a core and a good part of the memory.
        var turns = new Turns(services.Engine.Options.QueriesMax, services.Time);
        var queries = new QueryDoor(services, turns);
        var streams = new StreamDoor(services);
        var push = new PushDoor(services);
        Both(routes, $"{Root}/query", queries.InstantAsync);
        Both(routes, $"{Root}/query_range", queries.RangeAsync);
        Both(routes, $"{Root}/labels", streams.LabelsAsync);
        Both(routes, $"{Root}/label", streams.LabelsAsync);
        Both(routes, $"{Root}/label/{{name}}/values", streams.ValuesAsync);
        Both(routes, $"{Root}/series", streams.SeriesAsync);
        Both(routes, $"{Root}/index/stats", streams.StatsAsync);
        Both(routes, $"{Root}/index/volume", streams.VolumeAsync);
        routes.MapPost($"{Root}/push", push.PushAsync);
        routes.MapGet($"{Root}/status/buildinfo", StatusDoor.BuildInfoAsync);
        routes.MapGet("/ready", StatusDoor.ReadyAsync);

        // A pipeline of its own: the host need not know that one of these addresses is a WebSocket.
        var tail = routes.CreateApplicationBuilder();
        tail.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15) });
        tail.Run(new TailDoor(services, turns).TailAsync);
        routes.MapGet($"{Root}/tail", tail.Build());
    }

    private static void Both(IEndpointRouteBuilder routes, string path, RequestDelegate handler)
    {
        routes.MapGet(path, handler);
        routes.MapPost(path, handler);
    }
}
