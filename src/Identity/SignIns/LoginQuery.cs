using Npgsql;

namespace Slipway.Identity.SignIns;

/// <summary>What the login query reads: five attributes, as a plain record.</summary>
internal sealed record LoginRecord(Guid Id, string Email, string PasswordHash, string? FirstName, string? LastName);

/// <summary>
/// The query every sign-in with a password starts from: active accounts only, by address, nothing joined. The index
/// <c>idx_user_login</c> is made for it. The baseline profile filters on the address alone, reads every column and joins the account's
/// past sign-ins, which is what the figures before the optimisation were measured with.
/// </summary>
internal static class LoginQuery
{
    public const string Optimized = "select id, email, password, first_name, last_name from users where email = $1 and is_active = true";

    public const string Baseline =
        """
        select users.id, users.email, users.password, users.first_name, users.last_name, users.*, login_events.*, sessions.*
        from users
        left join login_events on login_events.user_id = users.id
        left join sessions on sessions.id = (select max(latest.id::text)::uuid from sessions as latest where latest.user_id = users.id)
        where users.email = $1
        order by login_events.at desc nulls last
        limit 50
        """;

    public static LoginRecord Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetString(1),
        row.GetString(2),
        row.IsDBNull(3) ? null : row.GetString(3),
        row.IsDBNull(4) ? null : row.GetString(4));
}
