using Npgsql;
using Slipway.Identity.Accounts;
using Slipway.Identity.Administration;
using Slipway.Identity.ApiKeys;
using Slipway.Identity.Mail;
using Slipway.Identity.Sessions;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Privacy;

/// <summary>Requests for erasure, second thoughts about them, and their execution.</summary>
internal sealed class Erasures(
    Database database, SessionStore sessions, ActivityLog activity, MailQueue mail, ErasureLetter letter, TimeProvider time)
{
    private const int Batch = 50;

    private static readonly Problem s_nothing =
        Problem.Conflict("noErasureRequested", "Nothing to take back", "No erasure of this account is waiting; it was never asked for, taken back, or carried out.");

    /// <summary>Closes the account at once: no sign-in, no session, no key works from here on.</summary>
    public async Task<Erasure> RequestAsync(HttpContext http, Account account, CancellationToken cancellation)
    {
        var erasure = await database.WriteAsync(
            async (tx, c) =>
            {
                var now = Microseconds(time.GetUtcNow());
                await CloseAsync(tx, account.Id, now, c);
                await ErasureStore.RequestAsync(tx, account.Id, now, c);
                await activity.AddAsync(tx, http, account.Id, new Activity("account.erasureRequested", "account", account.Id.ToString()), c);
                await mail.AddAsync(tx, letter.Write(account.EmailTyped, account.Locale, ErasureRule.DueAt(now)), c);
                return (await ErasureStore.TakeAsync(tx, account.Id, c))!;
            },
            cancellation);
        mail.Wake();
        return erasure;
    }

    /// <param name="moment">If given, only the request made then is taken back.</param>
    public Task<Problem?> WithdrawAsync(HttpContext http, Guid userId, long? moment, CancellationToken cancellation) => database.WriteAsync(
        async (tx, c) =>
        {
            if (await ErasureStore.TakeAsync(tx, userId, c) is not { AnonymisedAt: null } erasure
                || (moment is not null && moment != WithdrawalToken.Moment(erasure.RequestedAt))
                || time.GetUtcNow() >= erasure.DueAt)
            {
                return s_nothing;
            }

            await ErasureStore.WithdrawAsync(tx, userId, c);
            await tx.Command(
                "update users set is_active = true, security_version = security_version + 1, version = version + 1, updated_at = $2 where id = $1",
                userId, time.GetUtcNow()).ExecuteAsync(c);
            await activity.AddAsync(tx, http, userId, new Activity("account.erasureWithdrawn", "account", userId.ToString()), c);
            return null;
        },
        cancellation);

    /// <summary>Carries out what is due. Several runners at once share the work; killed in the middle, the rest is done next time.</summary>
    public async Task<int> CarryOutDueAsync(CancellationToken cancellation)
    {
        var done = 0;
        while (true)
        {
            var batch = await database.WriteAsync(
                async (tx, c) =>
                {
                    var now = Microseconds(time.GetUtcNow());
                    var due = await ErasureStore.DueAsync(tx, now, Batch, c);
                    foreach (var userId in due)
                    {
                        await ErasureStore.CarryOutAsync(tx, userId, now, c);
                        await activity.AddAsync(tx, "purge", new Activity("account.anonymised", "account", userId.ToString()), c);
                    }

                    return due.Count;
                },
                cancellation);
            done += batch;
            if (batch < Batch)
            {
                return done;
            }
        }
    }

    /// <summary>
    /// Takes up a request from a list written before a restore: the account is closed again, and what was due or done then is carried
    /// out with the next purge. Repeating it changes nothing.
    /// </summary>
    public Task RememberAsync(Erasure erasure, CancellationToken cancellation) => database.WriteAsync(
        async (tx, c) =>
        {
            await ErasureStore.RememberAsync(tx, erasure, c);
            await CloseAsync(tx, erasure.UserId, Microseconds(time.GetUtcNow()), c);
        },
        cancellation);

    public Task<List<Erasure>> AfterAsync(Guid after, int most, CancellationToken cancellation) =>
        database.ReadAsync((connection, c) => ErasureStore.AfterAsync(connection, after, most, c), cancellation);

    private async Task CloseAsync(NpgsqlTransaction tx, Guid userId, DateTimeOffset now, CancellationToken cancellation)
    {
        await tx.Command(
            "update users set is_active = false, security_version = security_version + 1, version = version + 1, updated_at = $2 where id = $1 and is_active",
            userId, now).ExecuteAsync(cancellation);
        await sessions.RevokeAllAsync(tx, userId, "erasure", null, cancellation);
        await ApiKeyStore.RevokeAllAsync(tx, userId, now, cancellation);
    }

    private static DateTimeOffset Microseconds(DateTimeOffset instant) => new(instant.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
