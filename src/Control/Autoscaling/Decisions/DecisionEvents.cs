using Microsoft.Extensions.Logging;

namespace Slipway.Control.Autoscaling.Decisions;

internal static partial class DecisionEvents
{
    [LoggerMessage(EventId = 3301, Level = LogLevel.Warning, Message =
        "Earlier scaling decisions in {Folder} cannot be read ({Reason}); explanations begin with this start.")]
    public static partial void HistoryUnreadable(this ILogger logger, string folder, string reason);

    [LoggerMessage(EventId = 3302, Level = LogLevel.Warning, Message =
        "Scaling decisions cannot be written to {Folder} ({Reason}); scaling goes on, explanations will not survive a restart.")]
    public static partial void HistoryUnwritable(this ILogger logger, string folder, string reason);

    [LoggerMessage(EventId = 3303, Level = LogLevel.Warning, Message =
        "{File} has reached {Limit} bytes; today's further scaling decisions are kept in memory only.")]
    public static partial void HistoryFull(this ILogger logger, string file, long limit);
}
