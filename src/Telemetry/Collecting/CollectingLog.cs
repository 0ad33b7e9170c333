using Microsoft.Extensions.Logging;

namespace Slipway.Telemetry.Collecting;

internal static partial class CollectingLog
{
    [LoggerMessage(EventId = 9001, Level = LogLevel.Warning, Message = "The figures of instance {Instance} cannot be fetched: {Reason}. It is tried again every interval; this is said once.")]
    public static partial void ScrapeFailed(ILogger logger, string instance, string reason);

    [LoggerMessage(EventId = 9002, Level = LogLevel.Warning, Message = "Figures of {Source} cannot be read: {Reason}")]
    public static partial void FiguresFailed(ILogger logger, string source, string reason);

    [LoggerMessage(EventId = 9003, Level = LogLevel.Warning, Message = "The log {Source} cannot be read: {Reason}. It is tried again.")]
    public static partial void LogUnreadable(ILogger logger, string source, string reason);

    [LoggerMessage(EventId = 9004, Level = LogLevel.Warning, Message = "How far logs were taken cannot be written down: {Reason}. After a restart some lines may come twice.")]
    public static partial void PositionsUnwritable(ILogger logger, string reason);
}
