using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Monitor.Status;

namespace Todo.Monitor.Endpoints;

/// <summary><c>GET /api/v1/status</c>: the status page as data.</summary>
internal static class GetStatus
{
    public static void Map(WebApplication app) =>
        app.MapGet("/api/v1/status", HandleAsync).OpenToAll("the state of the services is public").WithName("getStatus").WithTags("status")
            .WithSummary("How the services are now, and what was wrong lately.")
            .Produces<StatusReply>(200);

    private static async Task<IResult> HandleAsync(HttpRequest request, RecentPicture recent, CancellationToken cancellation)
    {
        if (Query.Of(request).Problem() is { } stray)
        {
            return stray.ToResult();
        }

        var snapshot = await recent.GetAsync(cancellation);
        return Reply.Ok(StatusReply.Of(snapshot.Picture), MonitorJson.Default.StatusReply).With("Cache-Control", "public, max-age=5");
    }
}
