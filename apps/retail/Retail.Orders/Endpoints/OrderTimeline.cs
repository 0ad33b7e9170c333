using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Orders.Live;
using Retail.Orders.Ordering;
using Retail.Orders.People;
using Retail.Orders.Streams;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Live;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Orders.Endpoints;

/// <summary>One thing that happened, and the status the order had after it.</summary>
internal sealed record TimelineEntry(long Version, string Kind, string Status, DateTimeOffset At, JsonObject Data);

internal sealed record TimelineDocument(IReadOnlyList<TimelineEntry> Items);

/// <summary>What has happened to an order: as a list, or as a stream for those who wait for the next thing.</summary>
internal static class OrderTimeline
{
    /// <summary>A stream does not outlive a token for long; readers come back by themselves.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(9);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/orders/{id:guid}/events", HandleAsync).WithName("orderEvents").WithSummary("Reads or follows what happens to an order.")
            .OpenToAll("Guests follow their orders with the token they were given.")
            .TakesHeader(GuestTokens.Header, "What a guest got when the order was placed.")
            .TakesHeader("Accept", "text/event-stream follows the order live.")
            .TakesHeader("Last-Event-ID", "The version the reader has.")
            .Produces<TimelineDocument>(200)
            .Produces<TimelineEntry>(200, "text/event-stream");

    private static async Task HandleAsync(
        Guid id, HttpContext http, [FromServices] Database database, [FromServices] OrderWatch watch, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        if (Query.Of(http.Request).Problem() is { } wrong)
        {
            await wrong.ToResult().ExecuteAsync(http);
            return;
        }

        if (!Viewer.Of(http, Viewer.Read).Is(out var viewer, out var problem))
        {
            await problem.ToResult().ExecuteAsync(http);
            return;
        }

        if (!await database.ReadAsync((connection, token) => viewer.MaySeeAsync(connection, id, token), cancellation))
        {
            await Viewer.Unknown.ToResult().ExecuteAsync(http);
            return;
        }

        if (!http.Request.Headers.Accept.Any(value => value?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) == true))
        {
            http.Response.Headers.CacheControl = "no-store";
            await Reply.Ok(new TimelineDocument(await EntriesAsync(database, id, 0, cancellation)), OrdersJson.Default.TimelineDocument).ExecuteAsync(http);
            return;
        }

        var last = long.TryParse(LiveStream.LastEventId(http.Request), NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : 0;
        if (!watch.Watch(id, last).Is(out var watcher, out problem))
        {
            await problem.ToResult().ExecuteAsync(http);
            return;
        }

        using (watcher)
        {
            using var longest = new CancellationTokenSource(s_longest, time);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, longest.Token);
            await LiveStream.WriteAsync(http, FollowAsync(database, watcher, last, ended.Token), ended.Token);
        }
    }

    private static async IAsyncEnumerable<LiveEvent> FollowAsync(Database database, OrderWatcher watcher, long last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var _ in watcher.News.ReadAllAsync(cancellation))
        {
            foreach (var entry in await EntriesAsync(database, watcher.Order, last, cancellation))
            {
                last = entry.Version;
                yield return new LiveEvent(
                    entry.Version.ToString(CultureInfo.InvariantCulture), entry.Kind, JsonSerializer.Serialize(entry, OrdersJson.Default.TimelineEntry));
            }
        }
    }

    private static async Task<List<TimelineEntry>> EntriesAsync(Database database, Guid id, long after, CancellationToken cancellation)
    {
        var events = await database.ReadAsync((connection, token) => OrderStream.EventsAsync(connection, id, 0, token), cancellation);
        var order = new OrderState { Id = id };
        var entries = new List<TimelineEntry>(events.Count);
        foreach (var recorded in events)
        {
            order = OrderFold.Apply(order, recorded);
            if (recorded.Version > after)
            {
                var data = (JsonObject)JsonSerializer.SerializeToNode(recorded.Event, DomainJson.Default.OrderEvent)!;
                var kind = (string)data["kind"]!;
                data.Remove("kind");
                entries.Add(new TimelineEntry(recorded.Version, kind, order.Status.Name(), recorded.At, data));
            }
        }

        return entries;
    }
}
