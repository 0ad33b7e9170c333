using Microsoft.Extensions.Logging;

namespace Slipway.Eventing;

internal static partial class EventingLog
{
    [LoggerMessage(EventId = 9001, Level = LogLevel.Warning, Message = "Events could not be appended; their publishers were told to send them again")]
    public static partial void AppendFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 9002, Level = LogLevel.Warning, Message = "Progress of deliveries could not be stored; tried again in a moment")]
    public static partial void ProgressFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 9003, Level = LogLevel.Warning, Message = "{Trigger}: event {EventId} of type {Type} was given up after {Attempts} attempts, later events of its key wait behind it: {Error}")]
    public static partial void Dead(ILogger logger, string trigger, string eventId, string type, int attempts, string error);

    [LoggerMessage(EventId = 9004, Level = LogLevel.Warning, Message = "{Trigger}: partition {Partition} stopped unexpectedly and is started again")]
    public static partial void PumpFailed(ILogger logger, Delivery.TriggerPlan trigger, int partition, Exception exception);

    [LoggerMessage(EventId = 9005, Level = LogLevel.Warning, Message = "Brokers and Triggers could not be brought up to date; tried again in a moment")]
    public static partial void SyncFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 9006, Level = LogLevel.Warning, Message = "Old events could not be removed; tried again later")]
    public static partial void TrimFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 9007, Level = LogLevel.Information, Message = "{Trigger}: events are pushed to {Subscriber}")]
    public static partial void Started(ILogger logger, Delivery.TriggerPlan trigger, Uri subscriber);

    [LoggerMessage(EventId = 9008, Level = LogLevel.Information, Message = "{Trigger}: stopped")]
    public static partial void Stopped(ILogger logger, Delivery.TriggerPlan trigger);

    [LoggerMessage(EventId = 9009, Level = LogLevel.Warning, Message = "{Count} events of the platform were dropped, because the log did not take them in time")]
    public static partial void PlatformEventsDropped(ILogger logger, int count);

    [LoggerMessage(EventId = 9010, Level = LogLevel.Error, Message = "A request at the event door ended with an unexpected error")]
    public static partial void RequestFailed(ILogger logger, Exception exception);
}
