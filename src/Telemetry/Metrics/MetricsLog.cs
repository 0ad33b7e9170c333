using Microsoft.Extensions.Logging;

namespace Slipway.Telemetry.Metrics;

internal static partial class MetricsLog
{
    [LoggerMessage(EventId = 9601, Level = LogLevel.Error, Message = "A block of metrics is damaged and was set aside as {Path}; its time has a gap")]
    public static partial void BlockDamaged(ILogger logger, string path, Exception exception);

    [LoggerMessage(EventId = 9602, Level = LogLevel.Warning, Message = "Samples could not be written to disk; they are kept in memory as long as there is room, and tried again")]
    public static partial void WriteFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 9603, Level = LogLevel.Information, Message = "Samples are written to disk again")]
    public static partial void WriteResumed(ILogger logger);

    [LoggerMessage(EventId = 9604, Level = LogLevel.Warning, Message = "A block of metrics could not be written; tried again in a moment")]
    public static partial void CutFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 9605, Level = LogLevel.Information, Message = "A block of metrics was written: {Series} series, {Samples} samples, {Bytes} bytes")]
    public static partial void BlockWritten(ILogger logger, int series, long samples, long bytes);

    [LoggerMessage(EventId = 9606, Level = LogLevel.Warning, Message = "The last {Bytes} bytes of {Path} were not whole and were left out; they are at most a second of samples")]
    public static partial void TailCut(ILogger logger, int bytes, string path);

    [LoggerMessage(EventId = 9607, Level = LogLevel.Information, Message = "A block of metrics was removed, {Reason}: {Path}")]
    public static partial void BlockRemoved(ILogger logger, string reason, string path);

    [LoggerMessage(EventId = 9608, Level = LogLevel.Warning, Message = "Looking after the blocks of metrics failed; tried again in a moment")]
    public static partial void MaintenanceFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 9609, Level = LogLevel.Error, Message = "{Series} series of the block {Path} are damaged; what could be read of them was answered")]
    public static partial void SeriesDamaged(ILogger logger, int series, string path);
}
