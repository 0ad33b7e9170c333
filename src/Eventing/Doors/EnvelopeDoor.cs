using Microsoft.AspNetCore.Http;
using Slipway.Eventing.Events;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Doors;

/// <summary><c>POST /events</c>: one event in the shop's envelope.</summary>
internal sealed class EnvelopeDoor(EventBus bus, PublishDoor publish)
{
    public async Task PublishAsync(HttpContext http)
    {
        var body = await Bodies.ReadAsync(http.Request, AttributeRules.EventBytesMax, http.RequestAborted);
        if (body.Failure is { } unread)
        {
            await publish.RefuseAsync(http, unread);
            return;
        }

        http.Request.Body = new MemoryStream(body.Value.ToArray());
        var envelope = await Bodies.ReadObjectAsync(http.Request, AttributeRules.EventBytesMax, http.RequestAborted);
        var read = envelope.Failure is { } malformed ? malformed : Envelope.Read(envelope.Value);
        if (read.Failure is { } wrong)
        {
            await publish.RefuseAsync(http, wrong);
            return;
        }

        var (topic, told) = read.Value;
        var @namespace = http.Request.Query["namespace"].ToString() is { Length: > 0 } named ? named : "default";
        if (bus.Directory.Find(@namespace, topic) is not { } broker)
        {
            await publish.RefuseAsync(http, new Failure(FailureKind.NotFound, "broker-not-found", $"There is no topic \"{topic}\" in namespace \"{@namespace}\"."));
            return;
        }

        // An envelope is signed as a batch is: by its body and an id of the sender's choice.
        if (publish.Unsigned(http.Request.Headers, broker, body.Value.Span, null) is { } unsigned)
        {
            await publish.RefuseAsync(http, unsigned);
            return;
        }

        await publish.AppendAsync(http, broker, [told]);
    }
}
