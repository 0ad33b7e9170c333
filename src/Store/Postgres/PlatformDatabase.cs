using Npgsql;

namespace Slipway.Store.Postgres;

/// <summary>The role and database the platform keeps its own tables in.</summary>
internal static class PlatformDatabase
{
    public static async Task EnsureAsync(NpgsqlConnection admin, string password, CancellationToken cancellation)
    {
        // Statements that make roles take no parameters, so the server itself does the quoting.
        var exists = await AnyAsync(admin, "select 1 from pg_roles where rolname = $1", cancellation);
        var role = await FormatAsync(
            admin, $"{(exists ? "alter" : "create")} role %I login password %L", PostgresNames.Platform, password, cancellation);
        await ExecuteAsync(admin, role, cancellation);
        if (!await AnyAsync(admin, "select 1 from pg_database where datname = $1", cancellation))
        {
            await ExecuteAsync(admin, $"create database {PostgresNames.Platform} owner {PostgresNames.Platform}", cancellation);
        }

        // Everybody may connect to a new database by default; the platform's is nobody else's business.
        await ExecuteAsync(admin, $"revoke all on database {PostgresNames.Platform} from public", cancellation);
        await ExecuteAsync(admin, $"revoke connect on database {PostgresNames.AdminDatabase} from public", cancellation);
    }

    private static async Task<bool> AnyAsync(NpgsqlConnection admin, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, admin);
        command.Parameters.AddWithValue(PostgresNames.Platform);
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    private static async Task<string> FormatAsync(NpgsqlConnection admin, string template, string name, string text, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select format($1, $2, $3)", admin);
        command.Parameters.AddWithValue(template);
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(text);
        return (string)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection admin, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, admin);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
