namespace Slipway.Identity.Privacy;

/// <summary>One statement of an erasure. Its parameters are the account's id, its mail addresses, and the time.</summary>
internal sealed record ErasureStep(string Table, string Sql);

/// <summary>What carries out an erasure, in the order in which the tables need it. Repeating it changes nothing.</summary>
internal static class ErasurePlan
{
    public const int UserId = 1;
    public const int Emails = 2;
    public const int Now = 3;

    public static IReadOnlyList<ErasureStep> Steps { get; } = [.. Build()];

    private static IEnumerable<ErasureStep> Build()
    {
        foreach (var table in PersonalTables.All)
        {
            if (table.Treatment == Treatment.Deleted)
            {
                yield return table.Name switch
                {
                    // Both know a person by the mail address alone.
                    "registrations" => new ErasureStep(table.Name, "delete from registrations where lower(email) = any($2) and $1::uuid is not null and $3::timestamptz is not null"),
                    "outgoing_mail" => new ErasureStep(table.Name, "delete from outgoing_mail where lower(to_address) = any($2) and $1::uuid is not null and $3::timestamptz is not null"),
                    "refresh_tokens" => new ErasureStep(
                        table.Name,
                        "delete from refresh_tokens using sessions where refresh_tokens.session_id = sessions.id and sessions.user_id = $1 and $2::text[] is not null and $3::timestamptz is not null"),
                    _ => new ErasureStep(table.Name, $"delete from {table.Name} where user_id = $1 and $2::text[] is not null and $3::timestamptz is not null"),
                };
            }
        }

        yield return new ErasureStep("clients", "update clients set owner_id = null, updated_at = $3 where owner_id = $1 and $2::text[] is not null");
        yield return new ErasureStep(
            "users",
            """
            update users set
                email = 'erased-' || replace($1::text, '-', '') || '@erased.invalid',
                email_typed = 'erased-' || replace($1::text, '-', '') || '@erased.invalid',
                email_verified_at = null, username = null, password = '!', first_name = null, last_name = null,
                role = 'customer', locale = 'en', is_active = false, two_factor_enabled = false, locked_until = null, failed_count = 0,
                marketing_consent = false, last_login_at = null, login_count = 0,
                security_version = security_version + 1, version = version + 1, updated_at = $3
            where id = $1 and $2::text[] is not null
            """);
    }
}
