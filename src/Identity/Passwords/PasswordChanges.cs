using Npgsql;
using Slipway.Identity.Accounts;
using Slipway.Identity.Administration;
using Slipway.Identity.Mail;
using Slipway.Identity.Registrations;
using Slipway.Identity.Sessions;
using Slipway.Identity.SignIns;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Passwords;

/// <summary>
/// New passwords, by knowing the old one or by a link in mail. Either way one transaction changes the hash, counts the security version up
/// and ends every other sign-in; whoever knew the old password is out from then on, in every instance.
/// </summary>
internal sealed class PasswordChanges(
    Database database,
    AccountStore accounts,
    SessionStore sessions,
    OneTimeTokens tokens,
    PasswordHashing hashing,
    VerifiedCredentials remembered,
    FailedAttempts attempts,
    MailQueue mail,
    Letters letters,
    ActivityLog activity)
{
    private static readonly TimeSpan s_linkLifetime = TimeSpan.FromHours(1);

    private static readonly Problem s_wrong = Problem.Invalid(
        [new Finding("wrongPassword", "The current password is wrong.") { Pointer = "/currentPassword" }]);

    /// <summary>Null when the password is changed. The session that asked stays.</summary>
    public async Task<Problem?> ChangeAsync(HttpContext http, string current, string wanted, CancellationToken cancellation)
    {
        var caller = http.Account();
        var network = attempts.NetworkKey(ClientAddress.Of(http));

        // A stolen session must not become a way to guess the password, so wrong ones count as failed sign-ins.
        if (!(await VerifyAsync(caller.Account, current, network, cancellation)).Is(out var right, out var refused))
        {
            return refused;
        }

        if (!right)
        {
            return s_wrong;
        }

        if (!(await hashing.CreateAsync(wanted, await CostOfAsync(caller.Account.Id, cancellation), cancellation)).Is(out var hash, out var busy))
        {
            return busy;
        }

        await database.WriteAsync((transaction, c) => ReplaceAsync(transaction, http, caller.Account.Id, hash, caller.Session.Id, "password.changed", c), cancellation);
        remembered.Forget(caller.Account.Email);
        mail.Wake();
        return null;
    }

    /// <summary>Whether this is the account's password now; for steps that ask for it again. Failures count against the limits.</summary>
    public async Task<Outcome<bool>> VerifyAsync(Account account, string password, byte[] network, CancellationToken cancellation)
    {
        var address = attempts.AddressKey(account.Email);
        if (attempts.Refusal(await attempts.FindAsync([address, network], cancellation), address) is { } refusal)
        {
            return refusal;
        }

        if (await accounts.PasswordHashAsync(account.Id, cancellation) is not { } stored)
        {
            return Problem.NotFound("account");
        }

        if (!(await hashing.CheckAsync(password, stored, cancellation)).Is(out var verdict, out var busy))
        {
            return busy;
        }

        if (verdict == PasswordVerdict.Wrong)
        {
            await attempts.CountAsync(address, network, account.Id, cancellation);
        }

        return verdict != PasswordVerdict.Wrong;
    }

    /// <summary>Sends a link if there is an account to send it to. The caller learns nothing about that.</summary>
    public async Task BeginResetAsync(string typed, CancellationToken cancellation)
    {
        var email = EmailAddress.Normalise(typed);
        await database.WriteAsync(
            async (transaction, c) =>
            {
                var account = await transaction.Command($"select {AccountStore.Columns} from users where email = $1", email).OneAsync(AccountStore.Read, c);
                if (account is { IsActive: true })
                {
                    var token = await tokens.IssueAsync(transaction, OneTimeTokens.ResetPassword, account.Id, s_linkLifetime, c);
                    await mail.AddAsync(transaction, letters.ResetPassword(account.EmailTyped, Letters.LanguageOf(account.Locale), token), c);
                }
            },
            cancellation);
        mail.Wake();
    }

    /// <summary>Null when the link was good and the password is the new one. The link came by mail, so the address has answered too.</summary>
    public async Task<Problem?> ResetAsync(HttpContext http, string? token, string wanted, CancellationToken cancellation)
    {
        if (!Secrets.Opaque.IsWellFormed(token))
        {
            return OneTimeTokens.Invalid;
        }

        var cost = await tokens.FindAsync(database, OneTimeTokens.ResetPassword, token!, cancellation) is { } owner ? await CostOfAsync(owner, cancellation) : 0;
        if (!(await hashing.CreateAsync(wanted, cost, cancellation)).Is(out var hash, out var busy))
        {
            return busy;
        }

        var changed = await database.WriteAsync(
            async (transaction, c) =>
            {
                if (await tokens.UseAsync(transaction, OneTimeTokens.ResetPassword, token, c) is not { } id
                    || await AccountStore.LockAsync(transaction, id, c) is not { IsActive: true })
                {
                    return null;
                }

                await accounts.VerifyEmailAsync(transaction, id, c);
                return await ReplaceAsync(transaction, http, id, hash, null, "password.reset", c);
            },
            cancellation);
        if (changed is null)
        {
            return OneTimeTokens.Invalid;
        }

        remembered.Forget(changed.Email);
        mail.Wake();
        return null;
    }

    /// <summary>A new password is never cheaper to guess than the one before it was.</summary>
    private async Task<int> CostOfAsync(Guid id, CancellationToken cancellation) =>
        await accounts.PasswordHashAsync(id, cancellation) is { } stored ? Bcrypt.CostOf(stored) : 0;

    private async Task<Account?> ReplaceAsync(
        NpgsqlTransaction transaction, HttpContext http, Guid id, string hash, Guid? keep, string action, CancellationToken cancellation)
    {
        if (await accounts.ChangePasswordAsync(transaction, id, hash, cancellation) is not { } changed)
        {
            return null;
        }

        await sessions.RevokeAllAsync(transaction, id, "passwordChanged", keep, cancellation);

        // A sign-in that showed the old password and waits for its second step ends as well.
        await transaction.Command("delete from two_factor_challenges where user_id = $1", id).ExecuteAsync(cancellation);
        await FailedAttempts.ForgiveAsync(transaction, attempts.AddressKey(changed.Email), id, cancellation);
        await mail.AddAsync(transaction, letters.PasswordChanged(changed.EmailTyped, Letters.LanguageOf(changed.Locale)), cancellation);
        await activity.AddAsync(transaction, http, id, new Activity(action, "account", id.ToString()), cancellation);
        return changed;
    }
}
