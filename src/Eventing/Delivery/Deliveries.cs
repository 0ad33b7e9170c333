using Microsoft.Extensions.Logging;
using Slipway.Eventing.Events;
using Slipway.Eventing.Log;

namespace Slipway.Eventing.Delivery;

/// <param name="Error">Null when it was delivered.</param>
internal sealed record Ending(int Attempts, int? Code = null, string? Error = null);

/// <summary>One event to its end: delivered, given to the dead letter sink, or given up.</summary>
internal sealed class Deliveries(
    TriggerPlan plan, IEventLog log, ISubscribers subscribers, EventingFigures figures, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>Counts how often an event went around through replies.</summary>
    public const string HopsAttribute = "slipwayhops";

    private const int HopsMax = 255;

    private readonly SemaphoreSlim _slots = new(plan.Concurrency);
    private readonly string _name = plan.ToString();

    public async Task<Ending> DeliverAsync(CloudEvent told, int partition, long place, bool replay, CancellationToken cancellation)
    {
        var ending = await TryAsync(plan.Subscriber, told, partition, place, replay, takeReply: true, cancellation);
        if (ending.Error is null)
        {
            figures.Delivered(_name);
            return ending;
        }

        if (plan.DeadLetterSink is { } sink)
        {
            var letter = told.With("knativeerrordest", plan.Subscriber.Address.ToString())
                .With("knativeerrorcode", $"{ending.Code ?? 0}")
                .With("knativeerrordata", ending.Error);
            var sunk = await TryAsync(sink, letter, partition, place, replay, takeReply: false, cancellation);
            if (sunk.Error is null)
            {
                figures.Dead(_name);
                return sunk;
            }

            ending = ending with { Error = $"{ending.Error} The dead letter sink did not take it either: {sunk.Error}" };
        }

        figures.Dead(_name);
        EventingLog.Dead(logger, _name, told.Id, told.Type, ending.Attempts, ending.Error!);
        return ending;
    }

    public void Dispose() => _slots.Dispose();

    private async Task<Ending> TryAsync(Subscriber to, CloudEvent told, int partition, long place, bool replay, bool takeReply, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            DeliveryResult result;

            // The slot is free again while a failed event waits: others must not stand behind it.
            await _slots.WaitAsync(cancellation);
            try
            {
                result = await subscribers.SendAsync(new Push(to, told, partition, place, attempt, replay, plan.Rules.Timeout), cancellation);
                if (takeReply && result is { Succeeded: true, Reply: { } reply })
                {
                    result = await ReplyAsync(told, reply, result, cancellation);
                }
            }
            finally
            {
                _slots.Release();
            }

            if (result.Succeeded)
            {
                return new Ending(attempt);
            }

            figures.Failed(_name);
            if (plan.Rules.Wait(attempt, result) is not { } wait)
            {
                return new Ending(attempt, result.Code, result.Error ?? "The subscriber refused it.");
            }

            await Task.Delay(wait, time, cancellation);
        }
    }

    /// <summary>An answer that is an event goes back into the topic; as long as it is not there, the delivery is not done.</summary>
    private async Task<DeliveryResult> ReplyAsync(CloudEvent told, CloudEvent reply, DeliveryResult result, CancellationToken cancellation)
    {
        var hops = (int.TryParse(told.Attribute(HopsAttribute), out var known) ? known : 0) + 1;
        if (hops >= HopsMax)
        {
            return result;
        }

        var appended = await log.AppendAsync(plan.Topic, [reply.With(HopsAttribute, $"{hops}")], cancellation);
        return appended.Failure is { } failure ? new DeliveryResult(null, $"The event in the answer could not be stored: {failure.Detail}") : result;
    }
}
