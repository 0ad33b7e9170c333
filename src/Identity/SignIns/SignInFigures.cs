using System.Diagnostics.Metrics;
using Slipway.Identity.Passwords;

namespace Slipway.Identity.SignIns;

/// <summary>What operators want to know about signing in; labels are words from here, never addresses.</summary>
internal sealed class SignInFigures
{
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _remembered;

    public SignInFigures(Meter meter, HashingWorkers workers, VerifiedCredentials credentials, LoginTracking tracking)
    {
        _attempts = meter.CreateCounter<long>("identity.sign_ins", "{attempt}", "Passwords shown, by what came of it.");
        _remembered = meter.CreateCounter<long>("identity.credentials.lookups", "{lookup}", "Whether a password had been proven moments before.");
        meter.CreateObservableGauge("identity.credentials.count", () => credentials.Count, "{credential}", "Credentials that are remembered.");
        meter.CreateObservableGauge("identity.passwords.waiting", () => workers.Waiting, "{password}", "Passwords that wait to be hashed.");
        meter.CreateObservableGauge("identity.sign_ins.unwritten", () => tracking.Waiting, "{sign-in}", "Sign-ins that wait to be noted.");
        meter.CreateObservableCounter("identity.sign_ins.dropped", () => tracking.Dropped, "{sign-in}", "Sign-ins that were not noted.");
    }

    public void Judged(SignInStep step) => _attempts.Add(1, new KeyValuePair<string, object?>("result", step switch
    {
        SignInStep.Complete => "complete",
        SignInStep.SecondFactor => "second_factor",
        SignInStep.Refused { Problem.Status: 429 } => "limited",
        SignInStep.Refused { Problem.Status: 503 } => "busy",
        _ => "refused",
    }));

    public void LookedUp(bool remembered) => _remembered.Add(1, new KeyValuePair<string, object?>("result", remembered ? "hit" : "miss"));
}
