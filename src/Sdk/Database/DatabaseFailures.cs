using System.Net.Sockets;
using Npgsql;
using Polly.Timeout;

namespace Slipway.Sdk.Database;

/// <summary>What an exception says about the database. Pure, so that every case can be told apart in a test.</summary>
internal static class DatabaseFailures
{
    private const string IdleInTransactionTimeout = "25P03";
    private const string IdleSessionTimeout = "57P05";

    /// <summary>The database did not do its work: down, unreachable, restarting, out of connections or too slow.</summary>
    public static bool IsOutage(Exception? exception) => exception switch
    {
        null => false,
        TimeoutRejectedException or CommitUnknownException => true,
        PostgresException refused => IsServerGone(refused.SqlState) || refused.SqlState is PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory,
        NpgsqlException or SocketException => !IsOwnPoolEmpty(exception),
        IOException or TimeoutException => true,
        _ => false,
    };

    /// <summary>The connection is lost and nothing it did was committed, so another one may be tried.</summary>
    public static bool IsLostConnection(Exception exception) => exception switch
    {
        PostgresException refused => IsServerGone(refused.SqlState) && refused.SqlState != PostgresErrorCodes.TooManyConnections,
        NpgsqlException { InnerException: IOException or SocketException or EndOfStreamException } => true,
        _ => false,
    };

    /// <summary>Two transactions stood in each other's way; running this one again is the answer.</summary>
    public static bool IsCollision(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>The server, or the role, has as many connections as it may.</summary>
    public static bool IsShortage(PostgresException refused) => refused.SqlState == PostgresErrorCodes.TooManyConnections;

    /// <summary>
    /// Whether a failed commit certainly did not happen. Only the server's own word counts, and not its last one before it goes.
    /// </summary>
    public static bool IsCertainlyNotCommitted(Exception exception) =>
        exception is PostgresException refused && !IsServerGone(refused.SqlState);

    private static bool IsServerGone(string state) =>
        state.StartsWith("08", StringComparison.Ordinal)
        || state is PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.TooManyConnections
            or IdleInTransactionTimeout
            or IdleSessionTimeout;

    /// <summary>A pool that is used up tells of this service's load, not of the database's health.</summary>
    private static bool IsOwnPoolEmpty(Exception exception) =>
        exception is NpgsqlException { InnerException: TimeoutException } && exception.Message.Contains("pool has been exhausted", StringComparison.Ordinal);
}

/// <summary>The connection was lost while a commit was on its way: the change is there or it is not.</summary>
internal sealed class CommitUnknownException(Exception cause) : Exception("The outcome of a commit is unknown.", cause);
