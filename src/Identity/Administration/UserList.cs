using Npgsql;
using Slipway.Sdk.Database;

namespace Slipway.Identity.Administration;

/// <summary>Reads accounts for administrators: one, or a page of many in the order of their making, newest first.</summary>
internal static class UserList
{
    private const string Columns =
        """
        users.id, users.email_typed, users.email_verified_at is not null, users.username, users.first_name, users.last_name, users.role, users.is_active,
        users.two_factor_enabled, users.locked_until, users.last_login_at, users.login_count, users.created_at, erasures.due_at, erasures.anonymised_at, users.version
        """;

    public static Task<UserView?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation) =>
        connection.Command($"select {Columns} from users left join erasures on erasures.user_id = users.id where users.id = $1", id).OneAsync(Read, cancellation);

    /// <param name="after">The last one seen: its time of making and id.</param>
    public static Task<List<UserView>> PageAsync(
        NpgsqlConnection connection, UserFilter filter, (DateTimeOffset At, Guid Id)? after, int most, CancellationToken cancellation) => connection.Command(
        $"""
        select {Columns} from users left join erasures on erasures.user_id = users.id
        where ($1::text is null or users.email like $1 or lower(users.username) like $1 or lower(users.name) like $1)
            and ($2::text is null or users.role = $2)
            and ($3::boolean is null or users.is_active = $3)
            and ($4::timestamptz is null or (users.created_at, users.id) < ($4, $5))
        order by users.created_at desc, users.id desc limit $6
        """,
        filter.Pattern, filter.Role, filter.Active, after?.At, after?.Id, most).ListAsync(Read, cancellation);

    private static UserView Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Email = row.GetString(1),
        EmailVerified = row.GetBoolean(2),
        Username = row.TextOrNull(3),
        FirstName = row.TextOrNull(4),
        LastName = row.TextOrNull(5),
        Role = row.GetString(6),
        Active = row.GetBoolean(7),
        TwoFactorEnabled = row.GetBoolean(8),
        LockedUntil = row.OrNull<DateTimeOffset>(9),
        LastLoginAt = row.OrNull<DateTimeOffset>(10),
        LoginCount = row.GetInt64(11),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(12),
        ErasureDueAt = row.OrNull<DateTimeOffset>(13),
        AnonymisedAt = row.OrNull<DateTimeOffset>(14),
        Version = row.GetInt64(15),
    };
}

internal sealed record UserFilter(string? Text, string? Role, bool? Active)
{
    /// <summary>The text anywhere in address or name; what LIKE would read as a wildcard is taken literally.</summary>
    public string? Pattern => Text is null
        ? null
        : "%" + Text.Trim().ToLowerInvariant().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
}
