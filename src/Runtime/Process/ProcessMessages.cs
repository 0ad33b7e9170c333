using Microsoft.Extensions.Logging;

namespace Slipway.Runtime.Process;

internal static partial class ProcessMessages
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Instance {InstanceId} ended: {Reason}, exit code {ExitCode}")]
    public static partial void InstanceEnded(this ILogger logger, string instanceId, string reason, int? exitCode);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Information, Message = "Adopted {Live} running instances, {Ended} had ended, {Removed} leftovers removed")]
    public static partial void Adopted(this ILogger logger, int live, int ended, int removed);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Warning, Message = "The record of instance {InstanceId} could not be written: {Reason}. After a crash now it would be treated as its previous record says.")]
    public static partial void RecordNotWritten(this ILogger logger, string instanceId, string reason);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning, Message = "preStop of instance {InstanceId} failed: {Reason}. It is stopped all the same.")]
    public static partial void PreStopFailed(this ILogger logger, string instanceId, string reason);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Warning, Message = "The control group of instance {InstanceId} could not be removed; the next start of slipwayd tries again.")]
    public static partial void GroupNotRemoved(this ILogger logger, string instanceId);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Error, Message = "The end of instance {InstanceId} could not be worked off")]
    public static partial void EndFailed(this ILogger logger, string instanceId, Exception exception);

    [LoggerMessage(EventId = 3007, Level = LogLevel.Error, Message = "The volumes of instance {InstanceId} are not measured any more: their size limits are not enforced")]
    public static partial void VolumesUnguarded(this ILogger logger, string instanceId, Exception exception);
}
