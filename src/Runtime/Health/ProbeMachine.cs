namespace Slipway.Runtime.Health;

/// <summary>What a probe says after its tries so far.</summary>
internal enum ProbeVerdict
{
    /// <summary>Not enough tries yet to say anything.</summary>
    Unknown,
    Passing,
    Failing,
}

/// <summary>
/// Counts tries against the thresholds of one probe: it takes so many successes in a row to pass and so many failures in
/// a row to fail. Pure; time and tries come from outside.
/// </summary>
internal readonly record struct ProbeMachine(int SuccessThreshold, int FailureThreshold)
{
    public ProbeVerdict Verdict { get; private init; }

    public int Successes { get; private init; }

    public int Failures { get; private init; }

    public ProbeMachine After(bool success)
    {
        var successes = success ? Math.Min(Successes + 1, SuccessThreshold) : 0;
        var failures = success ? 0 : Math.Min(Failures + 1, FailureThreshold);
        return this with
        {
            Successes = successes,
            Failures = failures,
            Verdict = successes >= SuccessThreshold ? ProbeVerdict.Passing
                : failures >= FailureThreshold ? ProbeVerdict.Failing
                : Verdict,
        };
    }
}
