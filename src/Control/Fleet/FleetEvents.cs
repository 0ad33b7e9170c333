using Microsoft.Extensions.Logging;

namespace Slipway.Control.Fleet;

internal static partial class FleetEvents
{
    [LoggerMessage(EventId = 3201, Level = LogLevel.Information, Message = "{Revision}: {Explanation}")]
    public static partial void Scaled(this ILogger logger, Runtime.Endpoints.RevisionKey revision, string explanation);

    [LoggerMessage(EventId = 3202, Level = LogLevel.Warning, Message =
        "{Instance} could not be started ({Code}): {Detail} Tries so far in a row: {Tries}; the next one not before {Next}.")]
    public static partial void StartFailed(this ILogger logger, string instance, string code, string detail, int tries, DateTimeOffset? next);

    [LoggerMessage(EventId = 3203, Level = LogLevel.Warning, Message =
        "{Instance} ended by itself: {Reason}. Tries so far in a row: {Tries}; the next one not before {Next}.")]
    public static partial void Ended(this ILogger logger, string instance, string reason, int tries, DateTimeOffset? next);

    [LoggerMessage(EventId = 3204, Level = LogLevel.Information, Message = "{Instance} is stopped: {Reason}.")]
    public static partial void Stopping(this ILogger logger, string instance, string reason);

    [LoggerMessage(EventId = 3205, Level = LogLevel.Warning, Message =
        "{Instance} still had requests in flight after {Limit}; it is stopped all the same. Raise the revision's timeoutSeconds if they need longer.")]
    public static partial void DrainOver(this ILogger logger, string instance, TimeSpan limit);

    [LoggerMessage(EventId = 3206, Level = LogLevel.Warning, Message = "{Instance}: {Call} failed ({Reason}); it is tried again.")]
    public static partial void DriverCallFailed(this ILogger logger, string instance, string call, string reason);

    [LoggerMessage(EventId = 3207, Level = LogLevel.Information, Message = "{Instance} was found at start and belongs to no revision; it is stopped.")]
    public static partial void OrphanStopped(this ILogger logger, string instance);

    [LoggerMessage(EventId = 3208, Level = LogLevel.Error, Message = "One round of the fleet failed; the next one begins within a second with what is there.")]
    public static partial void RoundFailed(this ILogger logger, Exception failure);

    [LoggerMessage(EventId = 3210, Level = LogLevel.Error, Message = "{Revision} could not be planned in this round; it is looked at again within a second.")]
    public static partial void RevisionSkipped(this ILogger logger, Exception failure, Runtime.Endpoints.RevisionKey revision);

    [LoggerMessage(EventId = 3209, Level = LogLevel.Debug, Message = "{Instance} is frozen.")]
    public static partial void Frozen(this ILogger logger, string instance);
}
