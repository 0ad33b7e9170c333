using System.Net;
using Slipway.Identity.Accounts;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.SignIns;

/// <summary>Somebody shows an e-mail address and a password.</summary>
public sealed record PasswordAttempt(string Email, string Password, string ClientId, IPAddress? Network, string? UserAgent)
{
    /// <summary>Sent together with the password by clients that ask for it up front.</summary>
    public string? SecondFactorCode { get; init; }
}

/// <summary>How far a sign-in has come.</summary>
public abstract record SignInStep
{
    private SignInStep()
    {
    }

    /// <summary>Everything asked for was shown. <see cref="MustEnrol"/>: an administrator without a second factor, who may only set one up.</summary>
    public sealed record Complete(Account Account, IReadOnlyList<string> Methods, bool MustEnrol) : SignInStep;

    /// <summary>The password was right and a second factor is wanted.</summary>
    public sealed record SecondFactor(Account Account, Guid ChallengeId) : SignInStep;

    /// <summary>Refused, with the answer for the client. It never tells whether the account exists.</summary>
    public sealed record Refused(Problem Problem) : SignInStep;
}

/// <summary>
/// The second step of a sign-in: time-based codes and recovery codes. A challenge remembers that the password was right, for five
/// minutes and for five tries.
/// </summary>
public interface ISecondFactor
{
    Task<Guid> ChallengeAsync(Account account, string clientId, CancellationToken cancellation);

    /// <summary>Checks a code outside of a challenge, beside the password. The value is the method for <c>amr</c>, such as <c>otp</c>.</summary>
    Task<Outcome<string>> CheckAsync(Account account, string code, CancellationToken cancellation);

    /// <summary>Answers a challenge; it is spent when the code was right.</summary>
    Task<Outcome<AnsweredChallenge>> AnswerAsync(Guid challengeId, string? code, string? recoveryCode, CancellationToken cancellation);
}

public sealed record AnsweredChallenge(Guid UserId, string ClientId, string Method);
