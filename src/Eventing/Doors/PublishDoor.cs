using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Slipway.Eventing.Brokers;
using Slipway.Eventing.Events;
using Slipway.Eventing.Signing;
using Slipway.Model.Eventing;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Doors;

/// <summary><c>POST /{namespace}/{broker}</c>: CloudEvents in, 202 when they are durable.</summary>
internal sealed class PublishDoor(EventBus bus)
{
    /// <summary>A broker's log may outgrow its bound by this much before publishers have to wait: retention needs a while.</summary>
    private const double Overfull = 1.25;

    private const string TraceParent = "traceparent";

    public async Task PublishAsync(HttpContext http)
    {
        var (@namespace, name) = ((string)http.Request.RouteValues["namespace"]!, (string)http.Request.RouteValues["broker"]!);
        if (bus.Directory.Find(@namespace, name) is not { } broker)
        {
            await RefuseAsync(http, new Failure(FailureKind.NotFound, "broker-not-found", $"There is no Broker \"{name}\" in namespace \"{@namespace}\", or it has just been made and is not open yet."));
            return;
        }

        var type = http.Request.ContentType;
        var batch = MediaTypes.Is(type, MediaTypes.Batch);
        if (MediaTypes.IsCloudEvents(type) && !batch && !MediaTypes.Is(type, MediaTypes.Structured))
        {
            await RefuseAsync(http, new Failure(FailureKind.Malformed, "media-type-unknown", $"Events are taken as {MediaTypes.Structured}, as {MediaTypes.Batch}, or with ce- headers."), StatusCodes.Status415UnsupportedMediaType);
            return;
        }

        // Batches are large, so only so many are in memory at once; the rest waits in their connections.
        if (batch)
        {
            await bus.BatchSlots.WaitAsync(http.RequestAborted);
        }

        try
        {
            await PublishAsync(http, broker, batch);
        }
        finally
        {
            if (batch)
            {
                bus.BatchSlots.Release();
            }
        }
    }

    /// <summary>What every way of publishing ends in.</summary>
    public async Task AppendAsync(HttpContext http, BrokerPlan broker, IReadOnlyList<CloudEvent> events)
    {
        if (Full(broker) is { } full)
        {
            await RefuseAsync(http, full);
            return;
        }

        if (Unfit(broker, events) is { } unfit)
        {
            await RefuseAsync(http, unfit);
            return;
        }

        var appended = await bus.Log.AppendAsync(broker.Topic, Traced(http.Request, events), http.RequestAborted);
        if (appended.Failure is { } failure)
        {
            await RefuseAsync(http, failure);
            return;
        }

        var duplicates = appended.Value.Count(place => place.IsDuplicate);
        bus.Figures.Appended(broker.Name, events.Count - duplicates, duplicates);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    public Task RefuseAsync(HttpContext http, Failure failure, int? status = null)
    {
        bus.Figures.Refused(failure.Code);
        return status is { } code ? Answers.ProblemAsync(http, code, failure) : Answers.ProblemAsync(http, failure);
    }

    /// <summary>Null when whoever publishes may do so: a signature, where there is one, must be right, and some Brokers ask for one.</summary>
    public Failure? Unsigned(IHeaderDictionary headers, BrokerPlan broker, ReadOnlySpan<byte> body, CloudEvent? single)
    {
        var signer = headers[Signature.SignerHeader].ToString();
        if (signer.Length == 0 && !broker.SignedOnly)
        {
            return null;
        }

        if (signer.Split('/') is not [{ Length: > 0 } @namespace, { Length: > 0 } service])
        {
            return Refused($"This Broker takes signed events only: send {Signature.SignerHeader} (namespace/service), {Signature.IdHeader}, {Signature.TimestampHeader} and {Signature.SignatureHeader}.");
        }

        var id = headers[Signature.IdHeader].ToString();
        if (single is not null && HeaderText.Decode(id) != single.Id)
        {
            return Refused($"{Signature.IdHeader} must be the id of the event.");
        }

        var signed = new Signed(
            single?.Id ?? id, headers[Signature.TimestampHeader].ToString(), headers[Signature.SignatureHeader].ToString(),
            single?.Type ?? "", single?.Source ?? "", single?.Subject);
        var key = EventKeys.Of(bus.Settings.PlatformKey, @namespace, service);
        return Signature.Objection(key, signed, body, bus.Time.GetUtcNow()) is { } objection ? Refused($"{objection}.") : null;
    }

    private static Failure Refused(string detail) => new(FailureKind.Forbidden, "signature-refused", detail);

    private async Task PublishAsync(HttpContext http, BrokerPlan broker, bool batch)
    {
        var body = await Bodies.ReadAsync(http.Request, batch ? Bodies.BatchBytesMax : AttributeRules.EventBytesMax, http.RequestAborted);
        if (body.Failure is { } unread)
        {
            await RefuseAsync(http, unread);
            return;
        }

        var read = Read(http.Request, body.Value, batch);
        if (read.Failure is { } malformed)
        {
            await RefuseAsync(http, malformed);
            return;
        }

        if (Unsigned(http.Request.Headers, broker, body.Value.Span, batch ? null : read.Value[0]) is { } unsigned)
        {
            await RefuseAsync(http, unsigned);
            return;
        }

        await AppendAsync(http, broker, read.Value);
    }

    /// <summary>Events without a trace of their own go on with the one of the request that brought them.</summary>
    private static IReadOnlyList<CloudEvent> Traced(HttpRequest request, IReadOnlyList<CloudEvent> events) =>
        request.Headers[TraceParent] is { Count: 1 } header && ActivityContext.TryParse(header[0], null, out _)
            ? [.. events.Select(told => told.Attribute(TraceParent) is null ? told.With(TraceParent, header[0]!) : told)]
            : events;

    private static Outcome<IReadOnlyList<CloudEvent>> Read(HttpRequest request, ReadOnlyMemory<byte> body, bool batch)
    {
        if (batch)
        {
            return StructuredEvents.ReadBatch(body);
        }

        var single = MediaTypes.Is(request.ContentType, MediaTypes.Structured)
            ? StructuredEvents.Read(body)
            : BinaryEvents.Read(request.Headers, request.ContentType, body);
        return single.Failure is { } failure ? failure : new[] { single.Value };
    }

    private Failure? Full(BrokerPlan broker)
    {
        var bytes = 0L;
        for (var partition = 0; partition < broker.Topic.Partitions; partition++)
        {
            bytes += bus.Log.Range(broker.Topic, partition).Bytes;
        }

        return bytes > broker.RetentionBytes * Overfull
            ? new Failure(FailureKind.Exhausted, "broker-full", $"The Broker holds {bytes} bytes that its Triggers have not got yet or that are about to be removed. Send this again later.")
            : null;
    }

    private Failure? Unfit(BrokerPlan broker, IReadOnlyList<CloudEvent> events)
    {
        for (var index = 0; index < events.Count; index++)
        {
            if (bus.Schemas.Find(events[index].Type) is not { } schema || schema.Check(events[index].Data) is not { Count: > 0 } findings)
            {
                continue;
            }

            bus.Figures.Unfit(broker.Name);
            if (broker.SchemasEnforced)
            {
                return new Failure(FailureKind.Invalid, "schema-violated", $"The data of event {events[index].Id} does not fit the schema of {schema.Type}.")
                {
                    Findings = [.. findings.Select(finding => finding with { Field = (events.Count == 1 ? "/data" : $"/{index}/data") + finding.Field })],
                };
            }
        }

        return null;
    }
}
