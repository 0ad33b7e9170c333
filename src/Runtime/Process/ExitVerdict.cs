using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Process;

/// <summary>Why a process ended, from what is known about it.</summary>
internal static class ExitVerdict
{
    private const int KilledCode = 128 + LibC.SigKill;
    private const int TerminatedCode = 128 + LibC.SigTerm;

    /// <param name="stopAsked">We have sent SIGTERM.</param>
    /// <param name="killed">We have sent SIGKILL.</param>
    /// <param name="evicted">Why we ended it ourselves; null when we did not.</param>
    public static (string Reason, string? Message) Decide(int? code, bool outOfMemory, bool stopAsked, bool killed, string? evicted) => code switch
    {
        _ when evicted is not null => ("Evicted", evicted),
        _ when killed => ("Killed", "It did not end within its grace period."),
        0 => ("Completed", null),
        _ when outOfMemory => ("OOMKilled", "It used more memory than its limit."),
        TerminatedCode or null when stopAsked => ("Completed", null),
        KilledCode => ("Killed", "Somebody on the host killed it."),
        null => ("Error", "It ended while slipwayd did not watch, so its exit code is unknown."),
        125 => ("Error", "It could not join its control group."),
        126 => ("Error", "Its program or working directory may not be entered by its user."),
        > 128 => ("Error", $"It was ended by signal {code - 128}."),
        _ => ("Error", $"It exited with code {code}."),
    };
}
