using Microsoft.Extensions.Logging;

namespace Slipway.Telemetry.Exports.Loki;

internal static partial class LokiPusherLog
{
    [LoggerMessage(EventId = 12211, Level = LogLevel.Warning, Message = "Log lines cannot be pushed to {Address}; they wait, and beyond a bound the oldest are dropped and counted")]
    public static partial void Unreachable(ILogger logger, Uri address);

    [LoggerMessage(EventId = 12212, Level = LogLevel.Information, Message = "Log lines can be pushed to {Address} again")]
    public static partial void Reachable(ILogger logger, Uri address);

    [LoggerMessage(EventId = 12213, Level = LogLevel.Warning, Message = "{Address} refused log lines with status {Status}; they were left out")]
    public static partial void Refused(ILogger logger, Uri address, int status);
}
