using Slipway.Identity.Accounts;
using Slipway.Identity.Administration;
using Slipway.Identity.Sessions;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.TwoFactor;

/// <summary>Sets second factors up and takes them away.</summary>
internal sealed class Enrolment(Database database, SecondFactors factors, ActivityLog activity, string issuerName, TimeProvider time)
{
    public async Task<Outcome<TwoFactorSetup>> BeginAsync(HttpContext http, Account account, CancellationToken cancellation)
    {
        var secret = Totp.NewSecret();
        var codes = RecoveryCodes.New();
        var refusal = await database.WriteAsync(
            async (tx, c) =>
            {
                if (await TwoFactorStore.TakeAsync(tx, account.Id, c) is { Confirmed: true })
                {
                    return Problem.Conflict("twoFactorEnabled", "The second factor is on already", "Turn it off first to set up another one.");
                }

                var now = time.GetUtcNow();
                await TwoFactorStore.BeginAsync(tx, account.Id, factors.Close(account.Id, secret), now, c);
                await TwoFactorStore.ReplaceRecoveryCodesAsync(tx, account.Id, codes, now, c);
                await activity.AddAsync(tx, http, account.Id, new Activity("twoFactor.begun", "account", account.Id.ToString()), c);
                return null;
            },
            cancellation);
        if (refusal is not null)
        {
            return refusal;
        }

        var text = Base32.Encode(secret);
        var url = OtpAuthUrl.For(issuerName, account.EmailTyped, text);
        return new TwoFactorSetup(text, url, QrCode.PngDataUrl(url), codes);
    }

    /// <summary>
    /// The first right code turns the factor on; afterwards the call only checks codes. The session that showed the code has proven both
    /// factors now, so it alone goes on; what was signed in with the password only ends.
    /// </summary>
    public Task<Problem?> ConfirmAsync(HttpContext http, AccountCaller caller, string? code, CancellationToken cancellation) =>
        database.WriteAsync(
            async (tx, c) =>
            {
                var userId = caller.Account.Id;
                if (await TwoFactorStore.TakeAsync(tx, userId, c) is not { } factor)
                {
                    return Problem.Conflict("twoFactorNotBegun", "There is nothing to confirm", "Begin the set-up first; it gives you the secret for your authenticator app.");
                }

                if (factor.Confirmed)
                {
                    return (await factors.CheckAsync(tx, userId, code, null, c)).Problem;
                }

                if (await factors.MatchAsync(tx, userId, factor, code, c) is { } wrong)
                {
                    return wrong;
                }

                await tx.Command(
                    "update users set two_factor_enabled = true, security_version = security_version + 1, version = version + 1, updated_at = $2 where id = $1",
                    userId, time.GetUtcNow()).ExecuteAsync(c);
                await EndOthersAsync(tx, caller, c);
                await tx.Command(
                    "update sessions set methods = $2, scopes = case when kind = 'browser' then $3 else scopes end where id = $1",
                    caller.Session.Id,
                    string.Join(' ', caller.Session.Methods.Append(SecondFactors.Method).Distinct()),
                    ScopesAfter()).ExecuteAsync(c);
                await activity.AddAsync(tx, http, userId, new Activity("twoFactor.enabled", "account", userId.ToString()), c);
                return null;
            },
            cancellation);

    public Task<Problem?> RemoveAsync(HttpContext http, AccountCaller caller, string? code, CancellationToken cancellation) =>
        database.WriteAsync(
            async (tx, c) =>
            {
                var userId = caller.Account.Id;
                if (await TwoFactorStore.TakeAsync(tx, userId, c) is not { Confirmed: true })
                {
                    await TwoFactorStore.RemoveAsync(tx, userId, c);
                    return null;
                }

                if (!SecondFactorRule.MayRemove(caller.Account.Role == Roles.Admin))
                {
                    return Problem.Conflict("twoFactorMandatory", "Administrators need a second factor", "An administrator's second factor cannot be turned off.");
                }

                if ((await factors.CheckAsync(tx, userId, code, code, c)).Problem is { } wrong)
                {
                    return wrong;
                }

                await TwoFactorStore.RemoveAsync(tx, userId, c);
                await tx.Command(
                    "update users set two_factor_enabled = false, security_version = security_version + 1, version = version + 1, updated_at = $2 where id = $1",
                    userId, time.GetUtcNow()).ExecuteAsync(c);
                await EndOthersAsync(tx, caller, c);
                await activity.AddAsync(tx, http, userId, new Activity("twoFactor.disabled", "account", userId.ToString()), c);
                return null;
            },
            cancellation);

    public async Task<Outcome<RecoveryCodeList>> RenewRecoveryCodesAsync(HttpContext http, Account account, CancellationToken cancellation)
    {
        var codes = RecoveryCodes.New();
        var refusal = await database.WriteAsync(
            async (tx, c) =>
            {
                if (await TwoFactorStore.TakeAsync(tx, account.Id, c) is not { Confirmed: true })
                {
                    return Problem.Conflict("twoFactorDisabled", "The second factor is off", "Recovery codes belong to a second factor; set it up first.");
                }

                await TwoFactorStore.ReplaceRecoveryCodesAsync(tx, account.Id, codes, time.GetUtcNow(), c);
                await activity.AddAsync(tx, http, account.Id, new Activity("twoFactor.recoveryCodesRenewed", "account", account.Id.ToString()), c);
                return null;
            },
            cancellation);
        if (refusal is not null)
        {
            return refusal;
        }

        return new RecoveryCodeList(codes);
    }

    public Task<int> RecoveryCodesLeftAsync(Guid userId, CancellationToken cancellation) =>
        database.ReadAsync((connection, c) => TwoFactorStore.RecoveryCodesLeftAsync(connection, userId, c), cancellation);

    private async Task EndOthersAsync(Npgsql.NpgsqlTransaction tx, AccountCaller caller, CancellationToken cancellation) => await tx.Command(
        "update sessions set revoked_at = $2, revoked_reason = 'secondFactorChanged' where user_id = $1 and revoked_at is null and id <> $3",
        caller.Account.Id, time.GetUtcNow(), caller.Session.Id).ExecuteAsync(cancellation);

    private static string ScopesAfter() => string.Join(' ', IdentityScopes.Full);
}
