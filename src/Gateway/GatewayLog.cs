using Microsoft.Extensions.Logging;

namespace Slipway.Gateway;

internal static partial class GatewayLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "Serving {Services} services from the kept snapshot of version {Version}")]
    public static partial void SnapshotLoaded(ILogger logger, int services, long version);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "Following the store failed; serving from the last snapshot and trying again")]
    public static partial void FollowingFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "The routing snapshot could not be written to {Path}; the next start waits for the store")]
    public static partial void SnapshotNotSaved(ILogger logger, string path, Exception exception);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Information, Message = "Listening on {Address} ({Scheme})")]
    public static partial void Listening(ILogger logger, System.Net.IPEndPoint address, string scheme);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Error, Message = "A client connection ended with an unexpected error")]
    public static partial void ConnectionFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Warning, Message = "Accepting connections failed; trying again")]
    public static partial void AcceptFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2007, Level = LogLevel.Warning, Message = "{Count} client connections were cut at the end of the drain limit")]
    public static partial void DrainCut(ILogger logger, int count);

    [LoggerMessage(EventId = 2008, Level = LogLevel.Warning, Message = "The access log cannot be written; lines are dropped until it can")]
    public static partial void AccessLogFailed(ILogger logger, Exception exception);
}
