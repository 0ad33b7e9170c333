using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Eventing.Brokers;
using Slipway.Eventing.Events;
using Slipway.Eventing.Log;
using Slipway.Eventing.Subscriptions;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Doors;

/// <summary><c>GET /topics…</c>: what there is, what it holds, and how far behind subscribers are.</summary>
internal sealed class TopicDoor(EventBus bus)
{
    private const int EventsMax = 500;

    public Task ListAsync(HttpContext http)
    {
        var only = http.Request.Query["namespace"].ToString();
        var brokers = bus.Directory.All.Where(broker => only.Length == 0 || broker.Topic.Name.Namespace == only)
            .OrderBy(broker => broker.Topic.Name.Namespace, StringComparer.Ordinal).ThenBy(broker => broker.Name, StringComparer.Ordinal);
        return Answers.JsonAsync(http, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("items");
            foreach (var broker in brokers)
            {
                Write(writer, broker);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    public Task GetAsync(HttpContext http)
    {
        var topic = TopicQueries.Topic(bus, http.Request);
        return topic.Failure is { } failure
            ? Answers.ProblemAsync(http, failure)
            : Answers.JsonAsync(http, StatusCodes.Status200OK, writer => Write(writer, topic.Value));
    }

    public async Task EventsAsync(HttpContext http)
    {
        var request = http.Request;
        var topic = TopicQueries.Topic(bus, request);
        var partition = TopicQueries.Number(request, "partition", 0, Slipway.Model.Eventing.EventingNames.PartitionsMax);
        var offset = TopicQueries.Number(request, "offset", -1, long.MaxValue);
        var limit = TopicQueries.Number(request, "limit", 50, int.MaxValue);
        var format = request.Query["format"].ToString();
        if ((topic.Failure ?? partition.Failure ?? offset.Failure ?? limit.Failure) is { } failure)
        {
            await Answers.ProblemAsync(http, failure);
            return;
        }

        if (format is not ("" or "cloudevents" or "envelope"))
        {
            await Answers.ProblemAsync(http, new Failure(FailureKind.Malformed, "parameter-invalid", $"format must be cloudevents or envelope, was \"{format}\"."));
            return;
        }

        if (partition.Value >= topic.Value.Topic.Partitions)
        {
            await Answers.ProblemAsync(http, new Failure(FailureKind.Malformed, "parameter-invalid", $"partition must be below {topic.Value.Topic.Partitions}."));
            return;
        }

        var range = bus.Log.Range(topic.Value.Topic, (int)partition.Value);
        var from = offset.Value < 0 ? range.Begin : Math.Max(offset.Value, range.Begin);
        var records = await bus.Log.ReadAsync(topic.Value.Topic, (int)partition.Value, from, (int)Math.Clamp(limit.Value, 1, EventsMax), http.RequestAborted);
        await Answers.JsonAsync(http, StatusCodes.Status200OK, writer => WritePage(writer, topic.Value, range, records, format == "envelope"));
    }

    public async Task LagAsync(HttpContext http)
    {
        var topic = TopicQueries.Topic(bus, http.Request);
        if (topic.Failure is { } failure)
        {
            await Answers.ProblemAsync(http, failure);
            return;
        }

        await bus.Ledger.TryStoreAsync(http.RequestAborted);
        var rows = new List<(string Trigger, HeldCount Held, List<(Progress Position, LogRange Range, double Oldest)> Partitions)>();
        foreach (var trigger in TopicQueries.Triggers(bus, topic.Value))
        {
            var partitions = new List<(Progress, LogRange, double)>();
            foreach (var position in await bus.Subscriptions.OpenAsync(trigger.Uid, [], http.RequestAborted))
            {
                var range = bus.Log.Range(topic.Value.Topic, position.Partition);
                var oldest = position.Place >= range.End ? [] : await bus.Log.ReadAsync(topic.Value.Topic, position.Partition, position.Place, 1, http.RequestAborted);
                partitions.Add((position, range, oldest is [var first] ? Math.Max(0, (bus.Time.GetUtcNow() - first.AppendedAt).TotalSeconds) : 0));
            }

            rows.Add((trigger.Name, await bus.Subscriptions.CountAsync(trigger.Uid, http.RequestAborted), partitions));
        }

        await Answers.JsonAsync(http, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("items");
            foreach (var (trigger, held, partitions) in rows)
            {
                writer.WriteStartObject();
                writer.WriteString("trigger", trigger);
                writer.WriteNumber("lag", partitions.Sum(row => Math.Max(0, row.Range.End - row.Position.Place)));
                writer.WriteNumber("oldestSeconds", Math.Round(partitions.Select(row => row.Oldest).DefaultIfEmpty().Max(), 3));
                writer.WriteNumber("deadLetters", held.Dead);
                writer.WriteNumber("waitingBehind", held.Waiting);
                writer.WriteStartArray("partitions");
                foreach (var (position, range, oldest) in partitions)
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("partition", position.Partition);
                    writer.WriteNumber("end", range.End);
                    writer.WriteNumber("committed", position.Place);
                    writer.WriteNumber("lag", Math.Max(0, range.End - position.Place));
                    writer.WriteNumber("oldestSeconds", Math.Round(oldest, 3));
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private void Write(Utf8JsonWriter writer, BrokerPlan broker)
    {
        writer.WriteStartObject();
        writer.WriteString("name", broker.Name);
        writer.WriteString("namespace", broker.Topic.Name.Namespace);
        writer.WriteString("publishers", broker.SignedOnly ? "signed" : "open");
        writer.WriteNumber("retentionSeconds", (long)broker.Retention.TotalSeconds);
        writer.WriteNumber("retentionBytes", broker.RetentionBytes);
        writer.WriteStartArray("partitions");
        for (var partition = 0; partition < broker.Topic.Partitions; partition++)
        {
            var range = bus.Log.Range(broker.Topic, partition);
            writer.WriteStartObject();
            writer.WriteNumber("partition", partition);
            writer.WriteNumber("begin", range.Begin);
            writer.WriteNumber("end", range.End);
            writer.WriteNumber("bytes", range.Bytes);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("triggers");
        foreach (var trigger in TopicQueries.Triggers(bus, broker))
        {
            writer.WriteStringValue(trigger.Name);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WritePage(Utf8JsonWriter writer, BrokerPlan broker, LogRange range, IReadOnlyList<LogRecord> records, bool envelopes)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("items");
        foreach (var record in records)
        {
            writer.WriteStartObject();
            writer.WriteNumber("partition", record.Partition);
            writer.WriteNumber("offset", record.Place);
            writer.WriteString("appendedAt", record.AppendedAt.UtcDateTime);
            writer.WritePropertyName("event");
            if (envelopes)
            {
                Envelope.Write(writer, broker.Name, record.Event, record.AppendedAt);
            }
            else
            {
                StructuredEvents.Write(writer, record.Event);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("begin", range.Begin);
        writer.WriteNumber("end", range.End);
        writer.WriteNumber("next", records is [.., var last] ? last.Place + 1 : range.End);
        writer.WriteEndObject();
    }
}
