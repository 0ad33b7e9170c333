using Slipway.Identity.Accounts;
using Slipway.Identity.Passwords;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.SignIns;

/// <summary>
/// The first step of every sign-in with a password, whatever surface it comes through:
/// limits, then the password (remembered or hashed), then activity and lock, then whether a second factor is wanted.
/// </summary>
internal sealed class PasswordSignIn(
    SignInPictures pictures,
    FailedAttempts attempts,
    PasswordHashing hashing,
    HashCosts costs,
    JoinedChecks checks,
    VerifiedCredentials remembered,
    AccountStore accounts,
    ISecondFactor secondFactor,
    SignInFigures figures,
    TimeProvider time)
{
    public static readonly Problem BadCredentials = new(
        401, "badCredentials", "E-mail address or password is wrong", "The e-mail address or the password is wrong, or the account cannot be used at the moment.")
    {
        Headers = [new("WWW-Authenticate", "Bearer")],
    };

    public async Task<SignInStep> AttemptAsync(PasswordAttempt attempt, CancellationToken cancellation)
    {
        var step = await StepAsync(attempt, cancellation);
        figures.Judged(step);
        return step;
    }

    private async Task<SignInStep> StepAsync(PasswordAttempt attempt, CancellationToken cancellation)
    {
        var email = EmailAddress.Normalise(attempt.Email);
        var (address, network) = (attempts.AddressKey(email), attempts.NetworkKey(attempt.Network));

        var known = remembered.Find(email, attempt.Password);
        var picture = await pictures.ReadAsync(email, address, network, withLogin: known is null, cancellation);
        if (attempts.Refusal(picture.Attempts, address) is { } refusal)
        {
            return new SignInStep.Refused(refusal);
        }

        if (known is not null && !(picture.Account is { } owner && known.Holds(owner.Id, owner.SecurityVersion)))
        {
            // Something changed since the password was remembered: this attempt proves it anew.
            remembered.Forget(email);
            known = null;
            picture = await pictures.ReadAsync(email, address, network, withLogin: true, cancellation);
        }

        figures.LookedUp(known is not null);
        var checking = known is null
            ? await CheckAsync(email, attempt.Password, picture, costs.Stranger(address), cancellation)
            : new Checking(PasswordVerdict.Right, null);
        if (checking.Problem is { } busy)
        {
            return new SignInStep.Refused(busy);
        }

        return await JudgeAsync(attempt, email, checking.Verdict, picture, address, network, cancellation);
    }

    private async Task<SignInStep> JudgeAsync(
        PasswordAttempt attempt, string email, PasswordVerdict verdict, SignInPicture picture, byte[] address, byte[] network, CancellationToken cancellation)
    {
        var right = verdict != PasswordVerdict.Wrong;
        var judged = AttemptDecider.Decide(new AttemptPicture(
            time.GetUtcNow(), picture.Account?.IsActive ?? false, picture.Account?.LockedUntil, right));
        if (judged == AttemptVerdict.Refused || picture.Account is not { } account)
        {
            await attempts.CountAsync(address, network, picture.Account?.Id, cancellation);
            return new SignInStep.Refused(BadCredentials);
        }

        if (picture.Login is { } login)
        {
            // A row whose version moved between the two reads of the picture is remembered under the older version, which never holds.
            remembered.Remember(email, attempt.Password, account.Id, account.SecurityVersion);
            if (verdict == PasswordVerdict.RightButOutdated || costs.IsTooCheap(login.PasswordHash, attempt.ClientId))
            {
                await RenewAsync(login, attempt, cancellation);
            }
        }

        if (account.TwoFactorEnabled)
        {
            return await SecondStepAsync(attempt, account, address, network, cancellation);
        }

        await ForgiveAsync(picture, address, account, cancellation);
        return new SignInStep.Complete(account, [Methods.Password], MustEnrol: account.Role == Roles.Admin);
    }

    private async Task<SignInStep> SecondStepAsync(
        PasswordAttempt attempt, Account account, byte[] address, byte[] network, CancellationToken cancellation)
    {
        if (attempt.SecondFactorCode is null)
        {
            return new SignInStep.SecondFactor(account, await secondFactor.ChallengeAsync(account, attempt.ClientId, cancellation));
        }

        var checking = await secondFactor.CheckAsync(account, attempt.SecondFactorCode, cancellation);
        if (!checking.Is(out var method, out var problem))
        {
            await attempts.CountAsync(address, network, account.Id, cancellation);
            return new SignInStep.Refused(problem);
        }

        await attempts.ForgiveAsync(address, account.Id, cancellation);
        return new SignInStep.Complete(account, [Methods.Password, method], MustEnrol: false);
    }

    private async Task<Checking> CheckAsync(string email, string password, SignInPicture picture, string? stranger, CancellationToken cancellation)
    {
        // The picture's two reads may see an account come or go between them; only both together can let anybody in.
        var stored = picture.Login is { } login && picture.Account?.Id == login.Id ? login.PasswordHash : stranger;
        var checking = await checks.CheckAsync(email, password, stored, cancellation);
        return checking.Is(out var verdict, out var problem) ? new Checking(verdict, null) : new Checking(PasswordVerdict.Wrong, problem);
    }

    private async Task RenewAsync(LoginRecord login, PasswordAttempt attempt, CancellationToken cancellation)
    {
        // Busy workers are no reason to refuse this sign-in; the next one renews the hash.
        var cost = Math.Max(costs.For(attempt.ClientId), Bcrypt.CostOf(login.PasswordHash));
        if ((await hashing.CreateAsync(attempt.Password, cost, cancellation)).Is(out var renewed, out _))
        {
            await accounts.RehashAsync(login.Id, login.PasswordHash, renewed, cancellation);
        }
    }

    private async Task ForgiveAsync(SignInPicture picture, byte[] address, Account account, CancellationToken cancellation)
    {
        // Nothing to forgive is the usual case and must cost no write.
        if (picture.FailuresInRow > 0 || picture.Attempts.Any(attempt => attempt.Key.AsSpan().SequenceEqual(address)) || account.LockedUntil is not null)
        {
            await attempts.ForgiveAsync(address, account.Id, cancellation);
        }
    }

    private readonly record struct Checking(PasswordVerdict Verdict, Problem? Problem);
}

/// <summary>The values of <c>amr</c>.</summary>
internal static class Methods
{
    public const string Password = "pwd";
    public const string Code = "otp";
    public const string Passkey = "webauthn";
}
