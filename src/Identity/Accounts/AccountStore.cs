using Npgsql;
using Slipway.Sdk.Database;

namespace Slipway.Identity.Accounts;

/// <summary>Reads and changes accounts. Each statement names the columns it needs; nothing loads a row to write it back whole.</summary>
internal sealed partial class AccountStore(Database database, TimeProvider time)
{
    /// <summary>In the order in which <see cref="Read"/> expects them.</summary>
    public const string Columns =
        """
        id, email, email_typed, email_verified_at is not null, username, first_name, last_name, role, locale, is_active,
        two_factor_enabled, security_version, version, locked_until, last_login_at, login_count, created_at, updated_at
        """;

    public Task<Account?> FindAsync(Guid id, CancellationToken cancellation) =>
        database.ReadAsync(
            async (connection, c) =>
            {
                await using var command = connection.Command($"select {Columns} from users where id = $1", id);
                return await command.OneAsync(Read, c);
            },
            cancellation);

    /// <summary>By the normalised address.</summary>
    public Task<Account?> FindByEmailAsync(string email, CancellationToken cancellation) =>
        database.ReadAsync(
            async (connection, c) =>
            {
                await using var command = connection.Command($"select {Columns} from users where email = $1", email);
                return await command.OneAsync(Read, c);
            },
            cancellation);

    /// <summary>Reads the account and keeps others from changing it until the transaction ends.</summary>
    public static async Task<Account?> LockAsync(NpgsqlTransaction transaction, Guid id, CancellationToken cancellation)
    {
        await using var command = transaction.Command($"select {Columns} from users where id = $1 for update", id);
        return await command.OneAsync(Read, cancellation);
    }

    public Task<string?> PasswordHashAsync(Guid id, CancellationToken cancellation) =>
        database.ReadAsync(
            async (connection, c) =>
            {
                await using var command = connection.Command("select password from users where id = $1", id);
                return await command.OneAsync(row => row.GetString(0), c);
            },
            cancellation);

    public static Account Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Email = row.GetString(1),
        EmailTyped = row.GetString(2),
        EmailVerified = row.GetBoolean(3),
        Username = Text(row, 4),
        FirstName = Text(row, 5),
        LastName = Text(row, 6),
        Role = row.GetString(7),
        Locale = row.GetString(8),
        IsActive = row.GetBoolean(9),
        TwoFactorEnabled = row.GetBoolean(10),
        SecurityVersion = row.GetInt64(11),
        Version = row.GetInt64(12),
        LockedUntil = Instant(row, 13),
        LastLoginAt = Instant(row, 14),
        LoginCount = row.GetInt64(15),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(16),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(17),
    };

    private static string? Text(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : row.GetString(at);

    private static DateTimeOffset? Instant(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : row.GetFieldValue<DateTimeOffset>(at);
}
