using Microsoft.Extensions.Logging;
using Slipway.Model.Resources;

namespace Slipway.Control.Reconciling;

internal static partial class EngineLog
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Debug, Message = "{Reconciler} met a newer version of {Key} and looks again.")]
    public static partial void Outdated(this ILogger logger, string reconciler, ResourceKey key);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "{Reconciler} could not finish {Key} (failure {Failures} in a row) and tries again: {Code}: {Detail}")]
    public static partial void Unfinished(this ILogger logger, string reconciler, ResourceKey key, int failures, string code, string detail);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Error, Message = "{Reconciler} broke on {Key} and tries again; this is a bug.")]
    public static partial void Broke(this ILogger logger, Exception exception, string reconciler, ResourceKey key);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning, Message = "The watch on the store ended ({Code}: {Detail}); everything is looked at again.")]
    public static partial void WatchEnded(this ILogger logger, string code, string detail);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Warning, Message = "The queue of {Reconciler} was full and dropped keys; all of them are looked at again.")]
    public static partial void Overflowed(this ILogger logger, string reconciler);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Error, Message = "A change of {Key} could not be handed to {Reconciler}; the next resync repairs it. This is a bug.")]
    public static partial void DispatchBroke(this ILogger logger, Exception exception, string reconciler, ResourceKey key);
}
