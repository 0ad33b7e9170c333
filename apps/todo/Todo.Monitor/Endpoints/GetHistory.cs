using System.Globalization;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Monitor.History;
using Todo.Monitor.Status;

namespace Todo.Monitor.Endpoints;

/// <summary><c>GET /api/v1/history</c>: minute by minute, or day by day for longer spans.</summary>
internal static class GetHistory
{
    private static readonly TimeSpan s_minutesMax = TimeSpan.FromHours(25);
    private static readonly TimeSpan s_daysMax = TimeSpan.FromDays(400);

    public static void Map(WebApplication app) =>
        app.MapGet("/api/v1/history", HandleAsync).OpenToAll("the state of the services is public").WithName("getHistory").WithTags("status")
            .WithSummary("What a service was like, minute by minute or day by day; what nobody looked at is absent.")
            .Takes("service", "The name of one service as the status lists it; required.")
            .Takes("from", "The first instant; an hour before `to` unless said otherwise, thirty days with resolution=day.")
            .Takes("to", "The instant after the last; now unless said otherwise.")
            .Takes("resolution", "minute or day.")
            .Produces<HistoryReply>(200);

    private static async Task<IResult> HandleAsync(HttpRequest request, HistoryReader history, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var query = Query.Of(request);
        var service = query.Text("service", 63);
        var resolution = query.Text("resolution", 10) ?? "minute";
        var to = Sane(query, "to") ?? now;
        var from = Sane(query, "from") ?? to - (resolution == "day" ? TimeSpan.FromDays(30) : TimeSpan.FromHours(1));
        var longest = resolution == "day" ? s_daysMax : s_minutesMax;
        if (service is null)
        {
            query.Wrong("service", "required", "service is required: the name of one service as /api/v1/status lists it.");
        }

        if (resolution is not ("minute" or "day"))
        {
            query.Wrong("resolution", "notOneOf", "resolution must be minute or day.");
        }

        if (from >= to)
        {
            query.Wrong("from", "notBefore", "from must be before to.");
        }
        else if (to - from > longest)
        {
            query.Wrong("from", "tooLong", $"With resolution={resolution} from and to may be at most {longest.TotalHours.ToString("0", CultureInfo.InvariantCulture)} hours apart.");
        }

        if (query.Problem() is { } problem)
        {
            return problem.ToResult();
        }

        if (!await history.KnowsAsync(service!, cancellation))
        {
            return Problem.NotFound("service").ToResult();
        }

        var items = resolution == "day" ? await DaysAsync(history, service!, from, to, cancellation) : await MinutesAsync(history, service!, from, to, cancellation);
        return Reply.Ok(new HistoryReply(StatusReply.Instant(from), StatusReply.Instant(to), resolution, items), MonitorJson.Default.HistoryReply)
            .With("Cache-Control", "public, max-age=5");
    }

    /// <summary>Far from the ends of the calendar, where adding a day is still possible.</summary>
    private static DateTimeOffset? Sane(Query query, string name)
    {
        if (query.Instant(name) is not { } instant)
        {
            return null;
        }

        if (instant.Year is >= 2000 and <= 2999)
        {
            return instant;
        }

        query.Wrong(name, "outOfRange", $"{name} must be between the years 2000 and 2999.");
        return null;
    }

    private static async Task<List<HistoryItem>> MinutesAsync(HistoryReader history, string service, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var rows = await history.MinutesAsync(service, from, to, cancellation);
        return [.. rows.Select(row => new HistoryItem(row.Service, StatusReply.Instant(row.At), row.Status, row.LatencyMs, row.Error, null))];
    }

    private static async Task<List<HistoryItem>> DaysAsync(
        HistoryReader history, string service, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var last = DateOnly.FromDateTime(to.UtcDateTime);
        var rows = await history.DaysAsync(service, DateOnly.FromDateTime(from.UtcDateTime), to.UtcDateTime.TimeOfDay == TimeSpan.Zero ? last : last.AddDays(1), cancellation);
        return [.. rows.Select(row => new HistoryItem(
            row.Service,
            StatusReply.Instant(new DateTimeOffset(row.Day, TimeOnly.MinValue, TimeSpan.Zero)),
            row.Down > 0 ? "down" : row.Up > 0 ? "up" : "idle",
            row.LatencyMs,
            null,
            row.UptimePercent))];
    }
}
