using Microsoft.Extensions.Logging;

namespace Slipway.Server;

internal static partial class ServerLog
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "The server cannot start ({Code}): {Detail}")]
    public static partial void CannotStart(this ILogger logger, string code, string detail);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "{Step}")]
    public static partial void Step(this ILogger logger, string step);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Critical, Message = "{Part} ended although nobody asked it to; the server stops so that its supervisor starts it afresh.")]
    public static partial void PartEnded(this ILogger logger, string part, Exception? error);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Critical, Message = "The server crashed")]
    public static partial void Crashed(this ILogger logger, Exception crash);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Warning, Message = "Images that nobody needs could not be removed: {Detail} It is tried again in an hour.")]
    public static partial void CleaningFailed(this ILogger logger, string detail);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Warning, Message = "The door {Door} is not open: {Detail} It is tried again every 15 s; everything else works.")]
    public static partial void DoorTaken(this ILogger logger, string door, string detail);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Error, Message = "Telemetry ended although nobody asked it to. Everything else goes on.")]
    public static partial void TelemetryEnded(this ILogger logger, Exception error);

    [LoggerMessage(EventId = 1008, Level = LogLevel.Warning, Message = "The rules {Name} of this version could not be put into the store: {Detail} The next start tries again.")]
    public static partial void RulesNotDelivered(this ILogger logger, string name, string detail);
}
