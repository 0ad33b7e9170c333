using System.Diagnostics;
using Slipway.Sdk.Telemetry;

namespace Slipway.Sdk.Messaging;

/// <summary>The two ends of an event in a trace: where it was written and where it is handled.</summary>
internal static class EventSpans
{
    private const string System = "slipway";

    public static Activity? Publish(Traces traces, OutgoingEvent told, Guid id)
    {
        var span = traces.Start($"send {told.Type}", ActivityKind.Producer);
        if (span is { IsAllDataRequested: true })
        {
            Describe(span, "send", told.Topic, told.Type, id.ToString());
        }

        return span;
    }

    /// <summary>
    /// Below the event itself, so that the trace goes on however the event came; the delivery, where it is part of another trace, is a link.
    /// </summary>
    public static Activity? Handle(Traces traces, ReceivedEvent received, string consumer)
    {
        var delivery = Activity.Current?.Context ?? default;
        if (!ActivityContext.TryParse(received.TraceParent, null, isRemote: true, out var written))
        {
            written = delivery;
        }

        var links = delivery != default && delivery.TraceId != written.TraceId ? new[] { new ActivityLink(delivery) } : null;
        var span = traces.Source.StartActivity($"process {received.Type}", ActivityKind.Consumer, written, links: links);
        if (span is { IsAllDataRequested: true })
        {
            Describe(span, "process", null, received.Type, received.Id);
            span.AddTag("messaging.consumer.group.name", consumer);
        }

        return span;
    }

    public static void Failed(Activity? span, Exception exception)
    {
        if (span is { IsAllDataRequested: true })
        {
            span.AddTag("error.type", exception.GetType().FullName);
            span.AddException(exception);
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static void Describe(Activity span, string operation, string? topic, string type, string id)
    {
        span.AddTag("messaging.system", System);
        span.AddTag("messaging.operation.type", operation);
        if (topic is not null)
        {
            span.AddTag("messaging.destination.name", topic);
        }

        span.AddTag("cloudevents.event_type", type);
        span.AddTag("messaging.message.id", id);
    }
}
