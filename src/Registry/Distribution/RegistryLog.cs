using Microsoft.Extensions.Logging;
using Slipway.Registry.Content;

namespace Slipway.Registry.Distribution;

internal static partial class RegistryLog
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Information, Message = "{Repository}: took manifest {Reference} as {Digest}")]
    public static partial void ManifestTaken(this ILogger logger, string repository, string reference, Digest digest);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Error, Message = "The registry cannot store: {Code}: {Detail}")]
    public static partial void StorageFailed(this ILogger logger, string code, string detail);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Information, Message = "{Repository}: removed {Reference}")]
    public static partial void ManifestRemoved(this ILogger logger, string repository, string reference);

    [LoggerMessage(EventId = 5004, Level = LogLevel.Warning, Message = "{Repository}@{Digest} was taken but could not be unpacked yet: {Code}: {Detail}")]
    public static partial void NotPrepared(this ILogger logger, string repository, Digest digest, string code, string detail);
}
