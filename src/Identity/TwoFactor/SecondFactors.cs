using Npgsql;
using Slipway.Identity.Accounts;
using Slipway.Identity.Secrets;
using Slipway.Identity.SignIns;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.TwoFactor;

/// <summary>Checks codes against what is kept, one try at a time per account.</summary>
internal sealed class SecondFactors(Database database, Seal seal, TimeProvider time) : ISecondFactor
{
    /// <summary>The <c>amr</c> value (RFC 8176) of a code from an app and of one from paper alike: both are used once.</summary>
    public const string Method = "otp";

    public const string SealPurpose = "two-factor secret";

    private const int ChallengeTries = 5;

    private static readonly TimeSpan s_challengeLifetime = TimeSpan.FromMinutes(5);

    public async Task<Guid> ChallengeAsync(Account account, string clientId, CancellationToken cancellation)
    {
        // Random, not time-ordered: the id is what proves that the password was right.
        var now = time.GetUtcNow();
        var challenge = new ChallengeRow(Guid.NewGuid(), account.Id, clientId, ChallengeTries, now + s_challengeLifetime);
        await database.WriteAsync((tx, c) => TwoFactorStore.AddChallengeAsync(tx, challenge, now, c), cancellation);
        return challenge.Id;
    }

    public Task<Outcome<string>> CheckAsync(Account account, string code, CancellationToken cancellation) =>
        database.WriteAsync((tx, c) => CheckAsync(tx, account.Id, code, code, c), cancellation);

    public Task<Outcome<AnsweredChallenge>> AnswerAsync(Guid challengeId, string? code, string? recoveryCode, CancellationToken cancellation) =>
        database.WriteAsync<Outcome<AnsweredChallenge>>(async (tx, c) =>
        {
            if (await TwoFactorStore.TakeChallengeAsync(tx, challengeId, c) is not { TriesLeft: > 0 } challenge || challenge.ExpiresAt <= time.GetUtcNow())
            {
                return new Problem(401, "challengeExpired", "Sign in again", "This sign-in took too long or too many tries. Begin again with e-mail and password.");
            }

            if ((await CheckAsync(tx, challenge.UserId, code, recoveryCode ?? code, c)).Is(out var method, out var problem))
            {
                await TwoFactorStore.SpendAsync(tx, challengeId, c);
                return new AnsweredChallenge(challenge.UserId, challenge.ClientId, method);
            }

            await TwoFactorStore.MissedAsync(tx, challengeId, c);
            return problem;
        }, cancellation);

    /// <summary>Part of a larger transaction, so that what the code allows and the code's end are one.</summary>
    public async Task<Outcome<string>> CheckAsync(NpgsqlTransaction tx, Guid userId, string? code, string? recoveryCode, CancellationToken cancellation)
    {
        if (await TwoFactorStore.TakeAsync(tx, userId, cancellation) is not { Confirmed: true } factor)
        {
            return BadCode();
        }

        var now = time.GetUtcNow();
        if (TryLimit.Wait(factor.Tries, now) is { } wait)
        {
            return Closed(wait);
        }

        if (Totp.Match(Secret(userId, factor), code, now, factor.LastStep) is { } step)
        {
            await TwoFactorStore.ConfirmAsync(tx, userId, step, now, cancellation);
            return Method;
        }

        if (RecoveryCodes.Normalise(recoveryCode) is { } normalised && await TwoFactorStore.UseRecoveryCodeAsync(tx, userId, normalised, now, cancellation))
        {
            await TwoFactorStore.SucceededAsync(tx, userId, cancellation);
            return Method;
        }

        await TwoFactorStore.FailedAsync(tx, userId, TryLimit.AfterFailure(factor.Tries, now), cancellation);
        return BadCode();
    }

    /// <summary>Checks a code of a factor that is not on yet; a right one turns it on. Null when it was right.</summary>
    public async Task<Problem?> MatchAsync(NpgsqlTransaction tx, Guid userId, SecondFactorRow factor, string? code, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (TryLimit.Wait(factor.Tries, now) is { } wait)
        {
            return Closed(wait);
        }

        if (Totp.Match(Secret(userId, factor), code, now, factor.LastStep) is { } step)
        {
            await TwoFactorStore.ConfirmAsync(tx, userId, step, now, cancellation);
            return null;
        }

        await TwoFactorStore.FailedAsync(tx, userId, TryLimit.AfterFailure(factor.Tries, now), cancellation);
        return BadCode();
    }

    public byte[] Secret(Guid userId, SecondFactorRow factor) => seal.Open(factor.SecretSealed, PurposeOf(userId))
        ?? throw new InvalidOperationException("A second factor cannot be opened with the present IDENTITY_MASTER_KEY. Was the key replaced?");

    public byte[] Close(Guid userId, byte[] secret) => seal.Close(secret, PurposeOf(userId));

    internal static Problem BadCode() => new(401, "badCode", "The code is not right", "The code is wrong, was used before, or its time is over. Wait for the next one.");

    private static Problem Closed(TimeSpan wait) =>
        new(429, "tooManyCodes", "Too many wrong codes", "The second factor of this account is closed for a while after too many wrong codes.") { RetryAfter = wait };

    private static string PurposeOf(Guid userId) => $"{SealPurpose} {userId:N}";
}
