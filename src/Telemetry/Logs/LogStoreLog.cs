using Microsoft.Extensions.Logging;

namespace Slipway.Telemetry.Logs;

internal static partial class LogStoreLog
{
    [LoggerMessage(EventId = 12201, Level = LogLevel.Warning, Message = "Log lines cannot be written to {Folder}; they wait in memory, and when it is full they are dropped and counted")]
    public static partial void WriteFailed(ILogger logger, Exception exception, string folder);

    [LoggerMessage(EventId = 12202, Level = LogLevel.Information, Message = "Log lines can be written to {Folder} again")]
    public static partial void WriteWorks(ILogger logger, string folder);

    [LoggerMessage(EventId = 12203, Level = LogLevel.Warning, Message = "{Bytes} bytes of {File} are damaged; the log lines in them are lost")]
    public static partial void Damaged(ILogger logger, string file, long bytes);

    [LoggerMessage(EventId = 12204, Level = LogLevel.Warning, Message = "Damaged log lines were passed over: {Damage}")]
    public static partial void DamageMet(ILogger logger, string damage);

    [LoggerMessage(EventId = 12205, Level = LogLevel.Information, Message = "{File} with {Bytes} bytes of log lines was deleted: {Reason}")]
    public static partial void Deleted(ILogger logger, string file, long bytes, string reason);
}
