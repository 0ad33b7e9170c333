using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Eventing.Brokers;
using Slipway.Eventing.Subscriptions;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Doors;

/// <summary><c>POST /topics/{topic}/replay</c>: a Trigger goes back, and its subscriber gets again what it had.</summary>
internal sealed class ReplayDoor(EventBus bus)
{
    private const int BodyBytesMax = 16 * 1024;

    public async Task ReplayAsync(HttpContext http)
    {
        var topic = TopicQueries.Topic(bus, http.Request);
        var body = await Bodies.ReadObjectAsync(http.Request, BodyBytesMax, http.RequestAborted);
        if ((topic.Failure ?? body.Failure) is { } failure)
        {
            await Answers.ProblemAsync(http, failure);
            return;
        }

        var asked = Read(topic.Value, body.Value);
        if (asked.Failure is { } wrong)
        {
            await Answers.ProblemAsync(http, wrong);
            return;
        }

        var (uid, partitions, place, time) = asked.Value;
        var moved = new List<(Progress Before, long Place)>();
        foreach (var partition in partitions)
        {
            var from = place ?? (time is { } instant
                ? await bus.Log.PlaceAtAsync(topic.Value.Topic, partition, instant, http.RequestAborted)
                : bus.Log.Range(topic.Value.Topic, partition).Begin);
            moved.Add((await MoveAsync(uid, partition, from, http.RequestAborted), from));
        }

        await Answers.JsonAsync(http, StatusCodes.Status202Accepted, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("partitions");
            foreach (var (before, from) in moved)
            {
                writer.WriteStartObject();
                writer.WriteNumber("partition", before.Partition);
                writer.WriteNumber("from", Math.Min(from, before.Place));
                writer.WriteNumber("until", before.Place);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private async Task<Progress> MoveAsync(string uid, int partition, long place, CancellationToken cancellation)
    {
        if (bus.Triggers.Worker(uid) is { Plan.Paused: false } worker)
        {
            return await worker.ReplayAsync(partition, place, cancellation);
        }

        await bus.Ledger.TryStoreAsync(cancellation);
        var before = (await bus.Subscriptions.OpenAsync(uid, [], cancellation)).First(position => position.Partition == partition);
        await bus.Subscriptions.MoveAsync(
            before with { Place = Math.Min(place, before.Place), ReplayUntil = Math.Max(before.ReplayUntil, before.Place) }, cancellation);
        return before;
    }

    private Outcome<(string Uid, IReadOnlyList<int> Partitions, long? Place, DateTimeOffset? Time)> Read(BrokerPlan broker, JsonElement body)
    {
        if (body.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => name is not ("trigger" or "fromOffset" or "fromTime" or "partition")) is { } unknown)
        {
            return Wrong(unknown, "is not known here; write trigger, fromOffset or fromTime, and partition");
        }

        var asked = body.Text("trigger");
        if (TopicQueries.Triggers(bus, broker).FirstOrDefault(trigger => trigger.Name == asked) is not { } trigger)
        {
            return Wrong("trigger", $"must name one of the Triggers of {broker.Name}");
        }

        long? place = null;
        if (body.TryGetProperty("fromOffset", out var offset))
        {
            if (offset.ValueKind != JsonValueKind.Number || !offset.TryGetInt64(out var number) || number < 0)
            {
                return Wrong("fromOffset", "must be a whole number from 0 on");
            }

            place = number;
        }

        DateTimeOffset? time = null;
        if (body.TryGetProperty("fromTime", out _))
        {
            if (place is not null)
            {
                return Wrong("fromTime", "stands beside fromOffset; write one of them");
            }

            if (!DateTimeOffset.TryParse(body.Text("fromTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
            {
                return Wrong("fromTime", "must be an instant such as 2026-01-31T12:00:00Z");
            }

            time = instant;
        }

        if (!body.TryGetProperty("partition", out var one))
        {
            return (trigger.Uid, Enumerable.Range(0, broker.Topic.Partitions).ToList(), place, time);
        }

        return one.ValueKind == JsonValueKind.Number && one.TryGetInt32(out var partition) && partition >= 0 && partition < broker.Topic.Partitions
            ? (trigger.Uid, [partition], place, time)
            : Wrong("partition", $"must be a whole number below {broker.Topic.Partitions}");
    }

    private static Failure Wrong(string member, string problem) =>
        new(FailureKind.Invalid, "replay-invalid", $"{member} {problem}.") { Findings = [new Finding("invalid", problem, $"/{member}")] };
}
