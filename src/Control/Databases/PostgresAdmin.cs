using System.Data.Common;
using System.Globalization;
using Npgsql;
using Slipway.Model.Failures;

namespace Slipway.Control.Databases;

/// <summary>
/// The work on a PostgreSQL server. Statements that create things take no parameters, so the server itself quotes every
/// name and value with <c>format</c>: nothing a manifest says can become a statement.
/// </summary>
internal sealed class PostgresAdmin(DatabaseAccess server) : IDatabaseAdmin
{
    private const int StatementSeconds = 30;
    private const string DuplicateDatabase = "42P04";
    private const string DuplicateObject = "42710";
    private const string UniqueViolation = "23505";

    public async Task<Failure?> EnsureAsync(DatabaseAccount account, bool setPassword, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await server.Admin.OpenConnectionAsync(cancellation);
            var roleClaim = await RoleClaimAsync(connection, account.Role, cancellation);
            if (roleClaim is not null && roleClaim != account.Claim)
            {
                return Taken(account.Role);
            }

            // A database without a claim that our own role owns is one whose making was cut short.
            var claim = await ClaimAsync(connection, account.Database, cancellation);
            var unfinished = claim is "" && roleClaim == account.Claim && await OwnerAsync(connection, account.Database, cancellation) == account.Role;
            if (claim is not null && claim != account.Claim && !unfinished)
            {
                return Taken(account.Database);
            }

            await EnsureRoleAsync(connection, account, roleClaim is not null, setPassword, cancellation);
            if (claim is null)
            {
                await CreateDatabaseAsync(connection, account, cancellation);
            }

            if (claim != account.Claim)
            {
                await ClaimDatabaseAsync(connection, account, cancellation);
            }

            return null;
        }
        catch (Exception trouble) when (trouble is DbException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return Unavailable(trouble);
        }
    }

    public async Task<Failure?> DropAsync(string database, string role, string claim, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await server.Admin.OpenConnectionAsync(cancellation);
            if (await ClaimAsync(connection, database, cancellation) == claim)
            {
                await RunAsync(connection, "SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE)', $1::text)", cancellation, database);
            }

            if (await RoleClaimAsync(connection, role, cancellation) == claim)
            {
                await RunAsync(connection, "SELECT format('DROP ROLE IF EXISTS %I', $1::text)", cancellation, role);
            }

            return null;
        }
        catch (Exception trouble) when (trouble is DbException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return Unavailable(trouble);
        }
    }

    public IReadOnlyList<KeyValuePair<string, string>> Describe(DatabaseAccount account)
    {
        var port = server.Port.ToString(CultureInfo.InvariantCulture);
        var (user, password) = (Uri.EscapeDataString(account.Role), Uri.EscapeDataString(account.Password));

        // The folder of a Unix socket cannot stand where a host name does.
        var url = server.Host.StartsWith('/')
            ? $"postgresql://{user}:{password}@/{Uri.EscapeDataString(account.Database)}?host={Uri.EscapeDataString(server.Host)}&port={port}"
            : $"postgresql://{user}:{password}@{server.Host}:{port}/{Uri.EscapeDataString(account.Database)}";
        return
        [
            new("DATABASE_URL", url),
            new("connectionString", new NpgsqlConnectionStringBuilder
            {
                Host = server.Host,
                Port = server.Port,
                Database = account.Database,
                Username = account.Role,
                Password = account.Password,
            }.ConnectionString),
            new("host", server.Host),
            new("port", port),
            new("database", account.Database),
            new("username", account.Role),
            new("password", account.Password),
        ];
    }

    private static async Task EnsureRoleAsync(
        NpgsqlConnection connection, DatabaseAccount account, bool exists, bool setPassword, CancellationToken cancellation)
    {
        if (!exists)
        {
            try
            {
                // In one transaction, or a crash in between would leave a role that seems to be somebody else's.
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                await RunAsync(
                    connection,
                    "SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %L', $1::text, $2::text)",
                    cancellation,
                    account.Role,
                    ScramVerifier.Of(account.Password));
                await RunAsync(connection, "SELECT format('COMMENT ON ROLE %I IS %L', $1::text, $2::text)", cancellation, account.Role, account.Claim);
                await transaction.CommitAsync(cancellation);
            }
            catch (PostgresException raced) when (raced.SqlState is DuplicateObject or UniqueViolation)
            {
                // Somebody made it a moment ago; the next look sees for whom.
                throw new TimeoutException($"Role \"{account.Role}\" appeared meanwhile.", raced);
            }
        }
        else if (setPassword)
        {
            await RunAsync(connection, "SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)", cancellation, account.Role, ScramVerifier.Of(account.Password));
        }

        await RunAsync(
            connection,
            "SELECT format('ALTER ROLE %I CONNECTION LIMIT %s', $1::text, $2::int)",
            cancellation,
            account.Role,
            account.ConnectionLimit ?? -1);
    }

    private static async Task CreateDatabaseAsync(NpgsqlConnection connection, DatabaseAccount account, CancellationToken cancellation)
    {
        // An administrator who is no superuser may give a database only to roles it is a member of.
        await RunAsync(connection, "SELECT format('GRANT %I TO CURRENT_USER', $1::text)", cancellation, account.Role);
        try
        {
            await RunAsync(connection, "SELECT format('CREATE DATABASE %I OWNER %I', $1::text, $2::text)", cancellation, account.Database, account.Role);
        }
        catch (PostgresException raced) when (raced.SqlState is DuplicateDatabase or UniqueViolation)
        {
            throw new TimeoutException($"Database \"{account.Database}\" appeared meanwhile.", raced);
        }
    }

    private static async Task ClaimDatabaseAsync(NpgsqlConnection connection, DatabaseAccount account, CancellationToken cancellation)
    {
        // The claim comes last: it says that everything before it is done.
        await RunAsync(connection, "SELECT format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', $1::text)", cancellation, account.Database);
        await RunAsync(connection, "SELECT format('COMMENT ON DATABASE %I IS %L', $1::text, $2::text)", cancellation, account.Database, account.Claim);
    }

    private static Task<string?> OwnerAsync(NpgsqlConnection connection, string database, CancellationToken cancellation) =>
        TextAsync(connection, "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = $1", cancellation, database);

    /// <summary>Whom a database was made for, empty for one that is not ours, null when there is none.</summary>
    private static Task<string?> ClaimAsync(NpgsqlConnection connection, string database, CancellationToken cancellation) =>
        TextAsync(connection, "SELECT COALESCE(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = $1", cancellation, database);

    private static Task<string?> RoleClaimAsync(NpgsqlConnection connection, string role, CancellationToken cancellation) =>
        TextAsync(connection, "SELECT COALESCE(shobj_description(oid, 'pg_authid'), '') FROM pg_roles WHERE rolname = $1", cancellation, role);

    private static async Task RunAsync(NpgsqlConnection connection, string format, CancellationToken cancellation, params object[] values)
    {
        var statement = await TextAsync(connection, format, cancellation, values);
#pragma warning disable CA2100 // The text was quoted by the server's own format function just now.
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = StatementSeconds };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<string?> TextAsync(NpgsqlConnection connection, string query, CancellationToken cancellation, params object[] values)
    {
#pragma warning disable CA2100 // Every caller passes a constant; values are parameters.
        await using var command = new NpgsqlCommand(query, connection) { CommandTimeout = StatementSeconds };
#pragma warning restore CA2100
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    private static Failure Taken(string name) => new(
        FailureKind.AlreadyExists,
        "database-name-taken",
        $"The server has a database or role named \"{name}\" that was made for somebody else. Choose another spec.databaseName.");

    private static Failure Unavailable(Exception trouble) =>
        new(FailureKind.Unavailable, "database-server-unavailable", $"The PostgreSQL server did not do it: {trouble.Message}");
}
