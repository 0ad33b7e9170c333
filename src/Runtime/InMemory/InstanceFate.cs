using Slipway.Model.Failures;

namespace Slipway.Runtime.InMemory;

/// <summary>What will happen to one instance of the memory driver, decided when it starts.</summary>
public sealed record InstanceFate
{
    /// <summary>The start itself fails with this.</summary>
    public Failure? StartFailure { get; init; }

    /// <summary>From its start until its probes pass; null is never.</summary>
    public TimeSpan? ReadyAfter { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>From its start until it ends by itself; null is never.</summary>
    public TimeSpan? ExitsAfter { get; init; }

    public int ExitCode { get; init; }

    /// <summary>Its own end is the kernel's answer to too much memory.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>From SIGTERM until it is gone; null ignores SIGTERM and is killed when the grace is over.</summary>
    public TimeSpan? StopsAfter { get; init; } = TimeSpan.FromMilliseconds(50);

    public static InstanceFate Healthy { get; } = new();

    /// <summary>A job that does its work and ends.</summary>
    public static InstanceFate Completes { get; } = new() { ExitsAfter = TimeSpan.FromSeconds(1) };
}

/// <summary>How often which fault strikes; every probability is per instance, between 0 and 1.</summary>
public sealed record FaultRates
{
    public double StartFails { get; init; }

    /// <summary>It ends with an exit code before it was ever ready.</summary>
    public double CrashesAtStart { get; init; }

    public double NeverReady { get; init; }

    /// <summary>It crashes some time within <see cref="CrashWithin"/>.</summary>
    public double Crashes { get; init; }

    public double RunsOutOfMemory { get; init; }

    public double IgnoresSigterm { get; init; }

    public TimeSpan ReadyAfterMin { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan ReadyAfterMax { get; init; } = TimeSpan.FromMilliseconds(600);

    public TimeSpan CrashWithin { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan StopsAfterMax { get; init; } = TimeSpan.FromSeconds(2);

    public static FaultRates None { get; } = new();

    /// <summary>Draws one fate. The draws are made in a fixed order and number, so one fault more or less does not shift the others.</summary>
    public InstanceFate Draw(Random dice)
    {
        ArgumentNullException.ThrowIfNull(dice);
        var startFails = dice.NextDouble() < StartFails;
        var crashesAtStart = dice.NextDouble() < CrashesAtStart;
        var neverReady = dice.NextDouble() < NeverReady;
        var crashes = dice.NextDouble() < Crashes;
        var outOfMemory = dice.NextDouble() < RunsOutOfMemory;
        var ignoresSigterm = dice.NextDouble() < IgnoresSigterm;
        var readyAfter = ReadyAfterMin + ((ReadyAfterMax - ReadyAfterMin) * dice.NextDouble());
        var crashAfter = CrashWithin * dice.NextDouble();
        var stopsAfter = StopsAfterMax * dice.NextDouble();
        var exitCode = dice.Next(1, 128);

        if (startFails)
        {
            return new InstanceFate
            {
                StartFailure = new Failure(FailureKind.Unavailable, "spawn-failed", "The simulated machine refused to start the program."),
            };
        }

        var endsEarly = crashesAtStart || crashes || outOfMemory;
        return new InstanceFate
        {
            ReadyAfter = neverReady || crashesAtStart ? null : readyAfter,
            ExitsAfter = !endsEarly ? null : crashesAtStart ? readyAfter : readyAfter + crashAfter,
            ExitCode = outOfMemory ? 137 : exitCode,
            OutOfMemory = outOfMemory,
            StopsAfter = ignoresSigterm ? null : stopsAfter,
        };
    }
}
