using Microsoft.Extensions.Logging;

namespace Slipway.Telemetry.Alerts;

internal static partial class AlertLog
{
    [LoggerMessage(EventId = 9601, Level = LogLevel.Warning, Message = "The file {File} of the alerts could not be read; it was set aside and work goes on without it")]
    public static partial void Damaged(ILogger logger, string file, Exception exception);

    [LoggerMessage(EventId = 9602, Level = LogLevel.Warning, Message = "The file {File} of the alerts could not be written; tried again in a moment")]
    public static partial void NotWritten(ILogger logger, string file, Exception exception);

    [LoggerMessage(EventId = 9603, Level = LogLevel.Warning, Message = "{Receiver} could not be told by {Way}, attempt failed: {Error}")]
    public static partial void NotTold(ILogger logger, string receiver, string way, string error);

    [LoggerMessage(EventId = 9604, Level = LogLevel.Error, Message = "{Receiver} could not be told by {Way} for {Hours} h; the message of group {Group} is given up")]
    public static partial void GivenUp(ILogger logger, string receiver, string way, string group, double hours);

    [LoggerMessage(EventId = 9605, Level = LogLevel.Warning, Message = "Rule {Rule} of {Group} could not be evaluated: {Error}")]
    public static partial void RuleFailed(ILogger logger, string group, string rule, string error);

    [LoggerMessage(EventId = 9606, Level = LogLevel.Information, Message = "Alert {Alert} is {Phase}")]
    public static partial void Changed(ILogger logger, Labels.LabelSet alert, Rules.AlertPhase phase);

    [LoggerMessage(EventId = 9607, Level = LogLevel.Warning, Message = "The status of {Resource} could not be written; tried again in a moment: {Error}")]
    public static partial void StatusNotWritten(ILogger logger, string resource, string error);
}
