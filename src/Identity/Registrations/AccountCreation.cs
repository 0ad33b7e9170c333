using Slipway.Identity.Accounts;
using Slipway.Identity.Administration;
using Slipway.Identity.Mail;
using Slipway.Identity.Passwords;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Registrations;

/// <summary>What somebody entered to get an account; checked already.</summary>
internal sealed record SignUp
{
    public required string Email { get; init; }

    public required string Password { get; init; }

    public string? Username { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string Locale { get; init; } = "en";

    public bool GdprConsent { get; init; }

    public bool MarketingConsent { get; init; }

    public string? ConsentVersion { get; init; }

    /// <summary>What the password's hash costs at least.</summary>
    public int HashCostMin { get; init; }
}

/// <summary>
/// Accounts of the two documented surfaces exist at once, with an address nobody has confirmed yet; the mail for that is queued with them.
/// </summary>
internal sealed class AccountCreation(
    Database database, AccountStore accounts, PasswordHashing hashing, OneTimeTokens tokens, MailQueue mail, Letters letters, ActivityLog activity, TimeProvider time)
{
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(24);

    public async Task<Outcome<Account>> CreateAsync(HttpContext http, SignUp signUp, CancellationToken cancellation)
    {
        if (!(await hashing.CreateAsync(signUp.Password, signUp.HashCostMin, cancellation)).Is(out var hash, out var busy))
        {
            return busy;
        }

        var created = await database.WriteAsync<Outcome<Account>>(
            async (transaction, c) =>
            {
                var adding = await accounts.AddAsync(
                    transaction,
                    new NewAccount
                    {
                        Id = Guid.CreateVersion7(time.GetUtcNow()),
                        EmailTyped = signUp.Email,
                        PasswordHash = hash,
                        Username = signUp.Username,
                        FirstName = signUp.FirstName,
                        LastName = signUp.LastName,
                        Locale = signUp.Locale,
                        GdprConsent = signUp.GdprConsent,
                        MarketingConsent = signUp.MarketingConsent,
                        ConsentVersion = signUp.ConsentVersion,
                    },
                    c);
                if (!adding.Is(out var account, out var problem))
                {
                    return problem;
                }

                var token = await tokens.IssueAsync(transaction, OneTimeTokens.VerifyEmail, account.Id, LinkLifetime, c);
                await mail.AddAsync(transaction, letters.ConfirmAddress(account.EmailTyped, Letters.LanguageOf(account.Locale), token), c);
                await activity.AddAsync(transaction, http, account.Id, new Activity("account.registered", "account", account.Id.ToString()), c);
                return account;
            },
            cancellation);
        mail.Wake();
        return created;
    }
}
