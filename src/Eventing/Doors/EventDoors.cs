using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Doors;

/// <summary>Everything the event port answers.</summary>
public static class EventDoors
{
    /// <summary>The largest body: a batch.</summary>
    public const long BodyBytesMax = Bodies.BatchBytesMax + 1024;

    public static void MapEventBus(this WebApplication app, EventBus bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        var admin = new AdminGate(bus.Settings.AdminToken);
        var publish = new PublishDoor(bus);
        var topics = new TopicDoor(bus);
        var letters = new DeadLetterDoor(bus);
        var schemas = new SchemaDoor(bus);
        app.Use((http, next) => GuardedAsync(http, next, bus));

        Map("POST", "/{namespace}/{broker}", publish.PublishAsync);
        Map("POST", "/events", new EnvelopeDoor(bus, publish).PublishAsync);
        Map("GET", "/topics", admin.Guard(topics.ListAsync));
        Map("GET", "/topics/{topic}", admin.Guard(topics.GetAsync));
        Map("GET", "/topics/{topic}/events", admin.Guard(topics.EventsAsync));
        Map("GET", "/topics/{topic}/lag", admin.Guard(topics.LagAsync));
        Map("POST", "/topics/{topic}/replay", admin.Guard(new ReplayDoor(bus).ReplayAsync));
        Map("GET", "/topics/{topic}/dead-letters", admin.Guard(letters.ListAsync));
        Map("POST", "/topics/{topic}/dead-letters/retry", admin.Guard(letters.RetryManyAsync));
        Map("POST", "/topics/{topic}/dead-letters/skip", admin.Guard(letters.SkipManyAsync));
        Map("POST", "/topics/{topic}/dead-letters/{id}/retry", admin.Guard(letters.RetryOneAsync));
        Map("POST", "/topics/{topic}/dead-letters/{id}/skip", admin.Guard(letters.SkipOneAsync));
        Map("GET", "/schemas", schemas.ListAsync);
        Map("GET", "/schemas/{type}", schemas.GetAsync);
        Map("PUT", "/schemas/{type}", admin.Guard(schemas.PutAsync));
        app.MapFallback((RequestDelegate)(http => Answers.ProblemAsync(
            http, new Failure(FailureKind.NotFound, "not-found", "There is nothing here. Events go to POST /{namespace}/{broker}."))));

        void Map(string method, string pattern, RequestDelegate answer) => app.MapMethods(pattern, [method], answer);
    }

    private static async Task GuardedAsync(HttpContext http, RequestDelegate next, EventBus bus)
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException && !http.Response.HasStarted)
        {
            await Answers.ProblemAsync(http, new Failure(FailureKind.Unavailable, "log-unavailable", "The event log's database does not answer. Send this again in a moment."));
        }
#pragma warning disable CA1031 // The edge: whatever it was, the caller gets an answer of the usual shape and the log has the rest.
        catch (Exception failed) when (!http.Response.HasStarted)
#pragma warning restore CA1031
        {
            EventingLog.RequestFailed(bus.Logger, failed);
            await Answers.ProblemAsync(http, StatusCodes.Status500InternalServerError, new Failure(FailureKind.Unavailable, "internal", "Something went wrong here; the log says what."));
        }
    }
}
