using Npgsql;
using Slipway.Identity.Accounts;
using Slipway.Identity.Administration;
using Slipway.Identity.Mail;
using Slipway.Identity.Passwords;
using Slipway.Identity.Registrations;
using Slipway.Identity.Secrets;
using Slipway.Identity.Sessions;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.EmailChanges;

/// <summary>
/// Another e-mail address for an account. The new one has to answer before anything changes, and the old one hears of it twice: when it
/// was asked for and when it happened, since whoever holds the address can reset the password.
/// </summary>
internal sealed class EmailChanges(
    Database database,
    AccountStore accounts,
    SessionStore sessions,
    VerifiedCredentials remembered,
    MailQueue mail,
    Letters letters,
    ActivityLog activity,
    TimeProvider time)
{
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(24);

    private static readonly Problem s_same = Problem.Conflict("sameEmail", "This is the address already", "The account has this e-mail address.");

    /// <summary>Null when it is under way. Whether the new address has an account of its own is told to its owner by mail and to nobody else.</summary>
    public async Task<Problem?> BeginAsync(HttpContext http, string typed, CancellationToken cancellation)
    {
        var (account, session) = (http.Account().Account, http.Account().Session);
        var email = EmailAddress.Normalise(typed);
        if (email == account.Email)
        {
            return s_same;
        }

        await database.WriteAsync(
            async (transaction, c) =>
            {
                var language = Letters.LanguageOf(account.Locale);
                if (await IsTakenAsync(transaction, email, account.Id, c))
                {
                    await mail.AddAsync(transaction, letters.AlreadyRegistered(typed, language), c);
                }
                else
                {
                    var token = Opaque.Create();
                    if (await mail.AddAsync(transaction, letters.ConfirmNewAddress(typed, language, token), c))
                    {
                        await RememberAsync(transaction, account.Id, typed, token, session.Id, c);
                    }
                }

                await mail.AddAsync(transaction, letters.AddressChangeAsked(account.EmailTyped, language), c);
                await activity.AddAsync(transaction, http, account.Id, new Activity("account.emailChangeAsked", "account", account.Id.ToString()), c);
            },
            cancellation);
        mail.Wake();
        return null;
    }

    /// <summary>The wish that waits for its address to answer.</summary>
    public Task<PendingEmail?> PendingAsync(Guid userId, CancellationToken cancellation) => database.ReadAsync(
        (connection, c) => connection.Command("select email_typed, expires_at from email_changes where user_id = $1 and expires_at > $2", userId, time.GetUtcNow())
            .OneAsync(row => new PendingEmail(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1)), c),
        cancellation);

    public Task WithdrawAsync(HttpContext http, CancellationToken cancellation)
    {
        var id = http.Account().Account.Id;
        return database.WriteAsync(
            async (transaction, c) =>
            {
                if (await transaction.Command("delete from email_changes where user_id = $1", id).ExecuteAsync(c) > 0)
                {
                    await activity.AddAsync(transaction, http, id, new Activity("account.emailChangeWithdrawn", "account", id.ToString()), c);
                }
            },
            cancellation);
    }

    /// <summary>The address has answered: from here on it is the account's, and every sign-in but the one that asked has ended.</summary>
    public async Task<Outcome<Account>> ConfirmAsync(HttpContext http, string? token, CancellationToken cancellation)
    {
        if (!Opaque.IsWellFormed(token))
        {
            return OneTimeTokens.Invalid;
        }

        string? before = null;
        Outcome<Account> changing;
        try
        {
            changing = await database.WriteAsync<Outcome<Account>>(
                async (transaction, c) =>
                {
                    var wish = await transaction.Command(
                        "delete from email_changes where token_hash = $1 and expires_at > $2 returning user_id, email_typed, session_id", Opaque.Hash(token!), time.GetUtcNow())
                        .OneAsync(row => new Wish(row.GetGuid(0), row.GetString(1), row.GetGuid(2)), c);
                    if (wish is null || await AccountStore.LockAsync(transaction, wish.UserId, c) is not { IsActive: true } account)
                    {
                        return OneTimeTokens.Invalid;
                    }

                    if (await IsTakenAsync(transaction, EmailAddress.Normalise(wish.Email), account.Id, c))
                    {
                        return AccountStore.EmailTaken;
                    }

                    before = account.Email;
                    return await ChangeAsync(transaction, http, account, wish, c);
                },
                cancellation);
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Somebody registered with the address between our look and our change.
            return AccountStore.EmailTaken;
        }

        if (before is not null)
        {
            remembered.Forget(before);
        }

        mail.Wake();
        return changing;
    }

    private async Task<Outcome<Account>> ChangeAsync(NpgsqlTransaction transaction, HttpContext http, Account account, Wish wish, CancellationToken cancellation)
    {
        if (await accounts.ChangeEmailAsync(transaction, account.Id, wish.Email, cancellation) is not { } changed)
        {
            return OneTimeTokens.Invalid;
        }

        await sessions.RevokeAllAsync(transaction, account.Id, "emailChanged", wish.SessionId, cancellation);
        await transaction.Command("delete from two_factor_challenges where user_id = $1", account.Id).ExecuteAsync(cancellation);

        // Links in mail to the old address must not open the account any more, and sign-ups for the new one have lost it.
        await transaction.Command("update one_time_tokens set used_at = $2 where user_id = $1 and used_at is null", account.Id, time.GetUtcNow()).ExecuteAsync(cancellation);
        await transaction.Command("delete from registrations where email = $1", changed.Email).ExecuteAsync(cancellation);
        await mail.AddAsync(transaction, letters.AddressChanged(account.EmailTyped, Letters.LanguageOf(account.Locale)), cancellation);
        await activity.AddAsync(transaction, http, account.Id, new Activity("account.emailChanged", "account", account.Id.ToString()), cancellation);
        return changed;
    }

    private async Task RememberAsync(NpgsqlTransaction transaction, Guid userId, string typed, string token, Guid sessionId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await transaction.Command(
            """
            insert into email_changes (user_id, token_hash, email_typed, session_id, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)
            on conflict (user_id) do update set token_hash = excluded.token_hash, email_typed = excluded.email_typed, session_id = excluded.session_id,
                created_at = excluded.created_at, expires_at = excluded.expires_at
            """,
            userId, Opaque.Hash(token), typed.Trim(), sessionId, now, now + LinkLifetime).ExecuteAsync(cancellation);
    }

    private static async Task<bool> IsTakenAsync(NpgsqlTransaction transaction, string email, Guid except, CancellationToken cancellation) =>
        await transaction.Command("select true from users where lower(email) = lower($1) and id <> $2", email, except).OneAsync(row => row.GetBoolean(0), cancellation);

    private sealed record Wish(Guid UserId, string Email, Guid SessionId);
}

internal sealed record PendingEmail(string Email, DateTimeOffset ExpiresAt);
