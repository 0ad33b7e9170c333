using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Live;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Live;

namespace Todo.Api.Endpoints.Changes;

internal sealed record EventDocument(Guid Id, string Action, long Version, Guid ListId, DateTimeOffset At);

/// <summary>
/// What happens to the caller's todos and lists, as it happens: <c>todo</c>, <c>list</c>, <c>member</c> and <c>reminder</c>. Besides them,
/// <c>ready</c> says that the stream is up to date and <c>reset</c> that everything has to be read anew.
/// </summary>
internal static class LiveChanges
{
    /// <summary>A stream outlives neither its token nor a lost membership for long; readers come back by themselves.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(9);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/events", HandleAsync).WithName("liveChanges").WithSummary("Follows changes as they happen.").Requires("todo.todos:read")
            .TakesHeader("Last-Event-ID", "Where the reader left off.")
            .Produces<EventDocument>(200, "text/event-stream");

    private static async Task HandleAsync(HttpContext http, [FromServices] ChangeFeed feed, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        if (Query.Of(http.Request).Problem() is { } problem)
        {
            await problem.ToResult().ExecuteAsync(http);
            return;
        }

        var last = http.Request.Headers["Last-Event-ID"].ToString();
        var opened = await feed.OpenAsync(Actor.Of(http).Id, FeedPosition.Read(last, time.GetUtcNow()), last.Length > 0, cancellation);
        if (!opened.Is(out var reader, out problem))
        {
            await problem.ToResult().ExecuteAsync(http);
            return;
        }

        try
        {
            using var longest = new CancellationTokenSource(s_longest, time);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, longest.Token);
            await LiveStream.WriteAsync(http, reader.EventsAsync(ended.Token), ended.Token);
        }
        finally
        {
            await feed.CloseAsync(reader);
        }
    }
}
