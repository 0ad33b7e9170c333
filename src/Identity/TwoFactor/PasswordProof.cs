using Slipway.Identity.Accounts;
using Slipway.Identity.Passwords;
using Slipway.Identity.SignIns;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.TwoFactor;

/// <summary>
/// Asks somebody who is signed in for their password once more. Wrong ones count like failed sign-ins, so a stolen session is no
/// better place for guessing.
/// </summary>
internal sealed class PasswordProof(AccountStore accounts, PasswordHashing hashing, FailedAttempts attempts, TimeProvider time)
{
    private const int PasswordMax = 200;

    public async Task<Problem?> RefusalAsync(HttpContext http, Account account, string? password, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(password) || password.Length > PasswordMax)
        {
            return Problem.Invalid([new Finding("required", "password is required: the one you sign in with.") { Pointer = "/password" }]);
        }

        if (account.LockedUntil is { } until && until > time.GetUtcNow())
        {
            return new Problem(429, "tooManyAttempts", "Too many attempts", "There were too many wrong passwords for this account. Wait before trying again.")
            {
                RetryAfter = until - time.GetUtcNow(),
            };
        }

        if (await accounts.PasswordHashAsync(account.Id, cancellation) is not { } stored)
        {
            return Wrong();
        }

        if (!(await hashing.CheckAsync(password, stored, cancellation)).Is(out var verdict, out var busy))
        {
            return busy;
        }

        if (verdict != PasswordVerdict.Wrong)
        {
            return null;
        }

        await attempts.CountAsync(attempts.AddressKey(account.Email), attempts.NetworkKey(ClientAddress.Of(http)), account.Id, cancellation);
        return Wrong();
    }

    private static Problem Wrong() => new(422, "wrongPassword", "The password is not right", "The password is not the one of this account.")
    {
        Errors = [new Finding("wrongPassword", "The password is not the one of this account.") { Pointer = "/password" }],
    };
}
