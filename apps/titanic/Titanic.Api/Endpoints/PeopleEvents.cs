using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Live;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;
using Titanic.Api.Live;

namespace Titanic.Api.Endpoints;

/// <summary>That something happened to somebody; what, is read from the person.</summary>
internal sealed record PersonEventDocument(Guid Uuid, int PassengerId, long Version, DateTimeOffset At);

/// <summary>
/// Changes as they happen: <c>created</c>, <c>updated</c>, <c>deleted</c>, <c>restored</c>, <c>held</c>, <c>released</c>, <c>purged</c>. Besides them,
/// <c>ready</c> says that the stream has begun and <c>reset</c> that everything has to be read anew.
/// </summary>
internal static class PeopleEvents
{
    /// <summary>Readers come back by themselves, to whichever instance has room.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(9);

    public static void Map(IEndpointRouteBuilder api, AccessMode access) =>
        access.Reads(api.MapGet("/people/events", HandleAsync)).WithName("peopleEvents").WithSummary("Follows changes of people as they happen.").Limited("streams")
            .TakesHeader(Tenants.Tenants.HeaderName, "Whose people; everybody's unless said otherwise.")
            .TakesHeader("Last-Event-ID", "Where the reader left off.")
            .Produces<PersonEventDocument>(200, "text/event-stream");

    private static async Task HandleAsync(HttpContext http, [FromServices] PeopleReads reads, [FromServices] ChangeFeed feed, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        var problem = Query.Of(http.Request).Problem();
        if (problem is not null || !reads.TenantOf(http).Is(out var tenant, out problem))
        {
            await problem.ToResult().ExecuteAsync(http);
            return;
        }

        if (!feed.Enter())
        {
            await ChangeFeed.Full().ToResult().ExecuteAsync(http);
            return;
        }

        try
        {
            using var longest = new CancellationTokenSource(s_longest, time);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, longest.Token);
            await LiveStream.WriteAsync(http, feed.FollowAsync(tenant, LiveStream.LastEventId(http.Request), ended.Token), ended.Token);
        }
        finally
        {
            feed.Leave();
        }
    }
}
