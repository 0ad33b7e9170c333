using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Eventing.Brokers;
using Slipway.Eventing.Events;
using Slipway.Eventing.Subscriptions;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Doors;

/// <summary><c>/topics/{topic}/dead-letters…</c>: what could not be delivered, and what an operator decides about it.</summary>
internal sealed class DeadLetterDoor(EventBus bus)
{
    private const int PageMax = 200;
    private const int BodyBytesMax = 16 * 1024;
    private const int ReasonMax = 500;

    public async Task ListAsync(HttpContext http)
    {
        var request = http.Request;
        var topic = TopicQueries.Topic(bus, request);
        var limit = TopicQueries.Number(request, "limit", 50, int.MaxValue);
        var after = TopicQueries.Number(request, "after", 0, long.MaxValue);
        var code = TopicQueries.Number(request, "code", 0, 999);
        if ((topic.Failure ?? limit.Failure ?? after.Failure ?? code.Failure) is { } failure)
        {
            await Answers.ProblemAsync(http, failure);
            return;
        }

        var names = Names(topic.Value);
        var held = await bus.Subscriptions.ListAsync(
            Query(names, request.Query["trigger"], request.Query["type"], request.Query["key"], (int)code.Value) with
            {
                After = after.Value,
                Limit = (int)Math.Clamp(limit.Value, 1, PageMax),
                State = request.Query["state"] == "skipped" ? HeldState.Skipped : HeldState.Dead,
            },
            http.RequestAborted);
        await Answers.JsonAsync(http, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("items");
            foreach (var letter in held)
            {
                Write(writer, letter, names[letter.Subscription]);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    public Task RetryOneAsync(HttpContext http) => DecideAsync(http, single: true, skip: false);

    public Task SkipOneAsync(HttpContext http) => DecideAsync(http, single: true, skip: true);

    public Task RetryManyAsync(HttpContext http) => DecideAsync(http, single: false, skip: false);

    public Task SkipManyAsync(HttpContext http) => DecideAsync(http, single: false, skip: true);

    private async Task DecideAsync(HttpContext http, bool single, bool skip)
    {
        var topic = TopicQueries.Topic(bus, http.Request);
        var body = http.Request.ContentLength is null or 0 && !http.Request.Headers.ContainsKey("Transfer-Encoding")
            ? JsonDocument.Parse("{}").RootElement
            : await Bodies.ReadObjectAsync(http.Request, BodyBytesMax, http.RequestAborted);
        if ((topic.Failure ?? body.Failure) is { } failure)
        {
            await Answers.ProblemAsync(http, failure);
            return;
        }

        var reason = body.Value.Text("reason");
        if (skip && reason is not { Length: > 0 and <= ReasonMax })
        {
            await Answers.ProblemAsync(http, new Failure(FailureKind.Invalid, "reason-missing", $"reason must say in 1 to {ReasonMax} characters why the event is left out.")
            {
                Findings = [new Finding("required", "Say why the event is left out.", "/reason")],
            });
            return;
        }

        var names = Names(topic.Value);
        var code = body.Value.TryGetProperty("code", out var asked) && asked.ValueKind == JsonValueKind.Number && asked.TryGetInt32(out var number) ? number : 0;
        var query = Query(names, body.Value.Text("trigger"), body.Value.Text("type"), body.Value.Text("key"), code);
        if (single)
        {
            query = query with { Id = long.TryParse((string?)http.Request.RouteValues["id"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0 };
        }

        var keys = skip ? await bus.Subscriptions.SkipAsync(query, reason!, http.RequestAborted) : await bus.Subscriptions.RetryAsync(query, http.RequestAborted);
        if (single && keys.Count == 0)
        {
            await Answers.ProblemAsync(http, new Failure(FailureKind.NotFound, "dead-letter-not-found", "There is no such dead letter, or it was dealt with already."));
            return;
        }

        foreach (var group in keys.GroupBy(key => key.Subscription))
        {
            bus.Triggers.Worker(group.Key)?.LookAtHeld(group);
        }

        await Answers.JsonAsync(http, StatusCodes.Status202Accepted, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("keys", keys.Count);
            writer.WriteEndObject();
        });
    }

    private Dictionary<string, string> Names(BrokerPlan broker) => TopicQueries.Triggers(bus, broker).ToDictionary(trigger => trigger.Uid, trigger => trigger.Name);

    private static HeldQuery Query(Dictionary<string, string> names, string? trigger, string? type, string? key, int code) => new()
    {
        Subscriptions = [.. names.Where(name => string.IsNullOrEmpty(trigger) || name.Value == trigger).Select(name => name.Key)],
        Type = string.IsNullOrEmpty(type) ? null : type,
        Key = string.IsNullOrEmpty(key) ? null : key,
        Code = code == 0 ? null : code,
    };

    private static void Write(Utf8JsonWriter writer, HeldEvent letter, string trigger)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", letter.Id);
        writer.WriteString("trigger", trigger);
        writer.WriteNumber("partition", letter.Partition);
        writer.WriteNumber("offset", letter.Place);
        writer.WriteString("key", letter.Key);
        writer.WriteString("state", letter.State == HeldState.Skipped ? "skipped" : "dead");
        writer.WriteNumber("attempts", letter.Attempts);
        if (letter.Code is { } code)
        {
            writer.WriteNumber("code", code);
        }

        writer.WriteString("error", letter.Error);
        writer.WriteString("reason", letter.Reason);
        writer.WriteString("traceparent", letter.Event.Attribute("traceparent"));
        writer.WriteString("appendedAt", letter.AppendedAt.UtcDateTime);
        writer.WriteString("at", letter.At.UtcDateTime);
        writer.WritePropertyName("event");
        StructuredEvents.Write(writer, letter.Event);
        writer.WriteEndObject();
    }
}
