using System.Net.Sockets;
using Npgsql;
using Slipway.Model.Failures;

namespace Slipway.Store.Postgres;

/// <summary>Why a PostgreSQL could not be used, told so that a person knows which part of the address to change.</summary>
internal static class ConnectionFailures
{
    public static Failure Explain(Exception exception, string server, string user, string database)
    {
        var (code, detail) = Cause(exception) switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused =>
                ("database-wrong-password", $"{server} refuses the user \"{user}\": {refused.MessageText}. Check the user and the password."),
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
                ("database-not-found", $"{server} has no database \"{database}\". Create it, or correct the name."),
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
                ("database-not-allowed", $"{server} does not let \"{user}\" do what Slipway needs in \"{database}\": {refused.MessageText}. Make it the owner of the database."),
            PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } =>
                ("database-full", $"{server} has no connection left. Raise its max_connections, or close some."),
            PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } refused =>
                ("database-starting", $"{server} does not take connections yet: {refused.MessageText}. Start again in a moment."),
            PostgresException other =>
                ("database-refused", $"{server} refuses: {other.MessageText} ({other.SqlState})."),
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
                ("database-no-such-host", $"There is no such host as that of {server}. Check its spelling, or the name server."),
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
                ("database-connection-refused", $"Nothing listens at {server}. Is PostgreSQL running, and is the port right?"),
            SocketException or TimeoutException or IOException =>
                ("database-unreachable", $"{server} does not answer: {exception.Message} Check the network and the firewall."),
            _ => ("database-unreachable", $"{server} cannot be used: {exception.Message}"),
        };
        return new Failure(FailureKind.Unavailable, code, detail);
    }

    public static Failure TooOld(string server, Version version) => new(
        FailureKind.Unavailable,
        "database-too-old",
        $"{server} runs PostgreSQL {version}; Slipway needs {PostgresRelease.OutsideMajorMin} or newer. Upgrade it, or leave SLIPWAY_DATABASE empty to let Slipway run its own.");

    /// <summary>The innermost exception that says something specific.</summary>
    private static Exception Cause(Exception exception)
    {
        for (var at = exception; ; at = at.InnerException)
        {
            if (at is PostgresException or SocketException or TimeoutException || at.InnerException is null)
            {
                return at;
            }
        }
    }
}
