using Slipway.Identity.Accounts;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.SignIns;

/// <summary>
/// For a service built without the second factor. An account that asks for one cannot sign in then: letting it in with the password
/// alone would silently take its protection away.
/// </summary>
internal sealed class NoSecondFactor : ISecondFactor
{
    private static readonly Problem s_absent = Problem.Unavailable(
        "secondFactorUnavailable", "This account signs in with a second factor, which this service is not set up to check.", TimeSpan.FromMinutes(1));

    public Task<Guid> ChallengeAsync(Account account, string clientId, CancellationToken cancellation) => throw new ProblemException(s_absent);

    public Task<Outcome<string>> CheckAsync(Account account, string code, CancellationToken cancellation) =>
        Task.FromResult<Outcome<string>>(s_absent);

    public Task<Outcome<AnsweredChallenge>> AnswerAsync(Guid challengeId, string? code, string? recoveryCode, CancellationToken cancellation) =>
        Task.FromResult<Outcome<AnsweredChallenge>>(s_absent);
}
