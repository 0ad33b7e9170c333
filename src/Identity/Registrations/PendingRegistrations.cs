using Npgsql;
using Slipway.Identity.Accounts;
using Slipway.Identity.Administration;
using Slipway.Identity.Mail;
using Slipway.Identity.Passwords;
using Slipway.Identity.Secrets;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Registrations;

/// <summary>
/// Sign-ups of the account pages. Whether an address has an account is told to its owner by mail and to nobody else: every answer here is
/// the same for known and unknown addresses, and costs the same work.
/// </summary>
internal sealed class PendingRegistrations(
    Database database,
    AccountStore accounts,
    PasswordHashing hashing,
    OneTimeTokens tokens,
    MailQueue mail,
    Letters letters,
    ActivityLog activity,
    TimeProvider time)
{
    /// <summary>Null when it is under way, else why the service cannot take it at the moment.</summary>
    public async Task<Problem?> BeginAsync(SignUp signUp, CancellationToken cancellation)
    {
        if (!(await hashing.CreateAsync(signUp.Password, cancellation)).Is(out var hash, out var busy))
        {
            return busy;
        }

        var email = EmailAddress.Normalise(signUp.Email);
        var language = Letters.LanguageOf(signUp.Locale);
        await database.WriteAsync(
            async (transaction, c) =>
            {
                if (await IsTakenAsync(transaction, email, c))
                {
                    await mail.AddAsync(transaction, letters.AlreadyRegistered(signUp.Email, language), c);
                    return;
                }

                var token = Opaque.Create();
                if (await mail.AddAsync(transaction, letters.ConfirmAddress(signUp.Email, language, token), c))
                {
                    await AddAsync(transaction, signUp, email, hash, token, c);
                }
            },
            cancellation);
        mail.Wake();
        return null;
    }

    /// <summary>Sends the link once more, with a new token; for an address that is not waiting for one, nothing happens.</summary>
    public async Task ResendAsync(string typed, CancellationToken cancellation)
    {
        var email = EmailAddress.Normalise(typed);
        await database.WriteAsync(
            async (transaction, c) =>
            {
                var account = await transaction.Command($"select {AccountStore.Columns} from users where email = $1", email).OneAsync(AccountStore.Read, c);
                if (account is { EmailVerified: false, IsActive: true })
                {
                    var link = await tokens.IssueAsync(transaction, OneTimeTokens.VerifyEmail, account.Id, AccountCreation.LinkLifetime, c);
                    await mail.AddAsync(transaction, letters.ConfirmAddress(account.EmailTyped, Letters.LanguageOf(account.Locale), link), c);
                    return;
                }

                if (account is not null)
                {
                    return;
                }

                var token = Opaque.Create();
                var pending = await transaction.Command(
                    """
                    update registrations set token_hash = $2 where id = (
                        select id from registrations where email = $1 and expires_at > $3 order by created_at desc limit 1)
                    returning email_typed, locale
                    """,
                    email, Opaque.Hash(token), time.GetUtcNow()).OneAsync(row => new Waiting(row.GetString(0), row.GetString(1)), c);
                if (pending is not null)
                {
                    await mail.AddAsync(transaction, letters.ConfirmAddress(pending.Email, Letters.LanguageOf(pending.Locale), token), c);
                }
            },
            cancellation);
        mail.Wake();
    }

    /// <summary>Makes the account of a sign-up, or notes that the address of an existing account has answered.</summary>
    public Task<Outcome<Account>> ConfirmAsync(HttpContext http, string? token, CancellationToken cancellation) =>
        !Opaque.IsWellFormed(token) ? Task.FromResult<Outcome<Account>>(OneTimeTokens.Invalid) : database.WriteAsync<Outcome<Account>>(
            async (transaction, c) =>
            {
                if (await tokens.UseAsync(transaction, OneTimeTokens.VerifyEmail, token, c) is { } id)
                {
                    if (await accounts.VerifyEmailAsync(transaction, id, c) is not { } verified)
                    {
                        return OneTimeTokens.Invalid;
                    }

                    await activity.AddAsync(transaction, http, id, new Activity("account.addressConfirmed", "account", id.ToString()), c);
                    return verified;
                }

                var pending = await transaction.Command(
                    """
                    delete from registrations where token_hash = $1 and expires_at > $2
                    returning email, email_typed, password, first_name, last_name, locale, marketing_consent, consent_version
                    """,
                    Opaque.Hash(token!), time.GetUtcNow()).OneAsync(Read, c);
                if (pending is null)
                {
                    return OneTimeTokens.Invalid;
                }

                // Other sign-ups for the address, perhaps somebody else's with another password, end here.
                await transaction.Command("delete from registrations where email = $1", EmailAddress.Normalise(pending.EmailTyped)).ExecuteAsync(c);
                var adding = await accounts.AddAsync(transaction, pending with { Id = Guid.CreateVersion7(time.GetUtcNow()) }, c);
                if (adding.Is(out var added, out _))
                {
                    await activity.AddAsync(transaction, http, added.Id, new Activity("account.registered", "account", added.Id.ToString()), c);
                }

                return adding;
            },
            cancellation);

    private async Task AddAsync(NpgsqlTransaction transaction, SignUp signUp, string email, string hash, string token, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await transaction.Command(
            """
            insert into registrations (id, email, email_typed, token_hash, password, first_name, last_name, locale, marketing_consent,
                consent_version, created_at, expires_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """,
            Guid.CreateVersion7(now), email, signUp.Email, Opaque.Hash(token), hash, signUp.FirstName, signUp.LastName, signUp.Locale,
            signUp.MarketingConsent, signUp.ConsentVersion, now, now + AccountCreation.LinkLifetime).ExecuteAsync(cancellation);
    }

    private static async Task<bool> IsTakenAsync(NpgsqlTransaction transaction, string email, CancellationToken cancellation) =>
        await transaction.Command("select true from users where email = $1", email).OneAsync(row => row.GetBoolean(0), cancellation);

    private static NewAccount Read(NpgsqlDataReader row) => new()
    {
        Id = Guid.Empty,
        EmailTyped = row.GetString(1),
        PasswordHash = row.GetString(2),
        EmailVerified = true,
        FirstName = row.TextOrNull(3),
        LastName = row.TextOrNull(4),
        Locale = row.GetString(5),
        GdprConsent = true,
        MarketingConsent = row.GetBoolean(6),
        ConsentVersion = row.GetString(7),
    };

    private sealed record Waiting(string Email, string Locale);
}
