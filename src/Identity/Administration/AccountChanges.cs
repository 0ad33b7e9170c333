using Npgsql;
using Slipway.Identity.Accounts;
using Slipway.Identity.Sessions;
using Slipway.Identity.TwoFactor;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Administration;

/// <summary>Carries out what an administrator decided about an account, and ends what trusted it as it was.</summary>
internal sealed class AccountChanges(Database database, SessionStore sessions, ActivityLog activity, TimeProvider time)
{
    // Taking power away from the last two administrators at once must not leave nobody: such changes wait for each other.
    private const long AdminLock = 0x51_1D_AD_31;

    /// <param name="check">Asked with the version that is there now; says 412 or 428 if the caller saw another one.</param>
    public Task<Problem?> ApplyAsync(
        HttpContext http, Guid target, AccountChange change, Func<long, Problem?>? check, CancellationToken cancellation)
    {
        var actor = http.Account().Account.Id;
        return database.WriteAsync<Problem?>(
            async (tx, c) =>
            {
                await tx.Command("select pg_advisory_xact_lock($1)", AdminLock).ExecuteAsync(c);
                if (await FactsAsync(tx, target, c) is not var (facts, version))
                {
                    return Problem.NotFound("account");
                }

                if (check?.Invoke(version) is { } stale)
                {
                    return stale;
                }

                var admins = await tx.Command("select count(*) from users where role = 'admin' and is_active").OneAsync(row => (int)row.GetInt64(0), c);
                if (AdminRules.Refusal(actor, facts, change, admins) is { } refusal)
                {
                    return refusal;
                }

                await WriteAsync(tx, http, actor, facts, change, c);
                return null;
            },
            cancellation);
    }

    private async Task WriteAsync(NpgsqlTransaction tx, HttpContext http, Guid actor, AccountFacts facts, AccountChange change, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var changes = new List<ActivityChange>();
        if (change.Active is { } active && active != facts.Active)
        {
            changes.Add(new ActivityChange("/active", Word(facts.Active), Word(active)));
        }

        if (change.Role is { } role && role != facts.Role)
        {
            changes.Add(new ActivityChange("/role", facts.Role, role));
        }

        if (change.ResetTwoFactor && await TwoFactorStore.RemoveAsync(tx, facts.Id, cancellation) > 0)
        {
            // For somebody who lost telephone and recovery codes; an administrator among them has to set up a new one at once.
            changes.Add(new ActivityChange("/twoFactorEnabled", "true", "false"));
        }

        if (changes.Count > 0)
        {
            await tx.Command(
                """
                update users set is_active = coalesce($2, is_active), role = coalesce($3, role),
                    two_factor_enabled = exists (select from two_factor where user_id = $1 and confirmed_at is not null),
                    security_version = security_version + 1, version = version + 1, updated_at = $4 where id = $1
                """, facts.Id, change.Active, change.Role, now).ExecuteAsync(cancellation);

            // A session says what its account was allowed when it began; the next one says what it is allowed now.
            await sessions.RevokeAllAsync(tx, facts.Id, "changedByAdministrator", null, cancellation);
        }

        if (change.Unlock)
        {
            changes.Add(new ActivityChange("/locked", null, "false"));
            await tx.Command("update users set failed_count = 0, locked_until = null, version = version + 1, updated_at = $2 where id = $1", facts.Id, now).ExecuteAsync(cancellation);
        }

        if (changes.Count > 0)
        {
            await activity.AddAsync(tx, http, actor, new Activity("account.changed", "account", facts.Id.ToString()) { Changes = changes }, cancellation);
        }
    }

    private static async Task<(AccountFacts Facts, long Version)?> FactsAsync(NpgsqlTransaction tx, Guid id, CancellationToken cancellation)
    {
        var found = await tx.Command(
            """
            select users.role, users.is_active, erasures.user_id is not null, erasures.anonymised_at is not null, users.version
            from users left join erasures on erasures.user_id = users.id where users.id = $1 for update of users
            """, id)
            .ListAsync(row => (new AccountFacts(id, row.GetString(0), row.GetBoolean(1), row.GetBoolean(2), row.GetBoolean(3)), row.GetInt64(4)), cancellation);
        return found.Count == 0 ? null : found[0];
    }

    private static string Word(bool value) => value ? "true" : "false";
}
