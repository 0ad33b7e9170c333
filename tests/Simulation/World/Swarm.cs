using Slipway.Runtime.InMemory;

namespace Slipway.Simulation.Tests.World;

/// <summary>
/// Which faults and deeds a run has, drawn from its seed. About half of each kind is switched off entirely: a run with every
/// fault at once mostly shows the loudest one.
/// </summary>
internal sealed record Swarm
{
    public required FaultRates Instances { get; init; }

    public required double StoreFails { get; init; }

    /// <summary>The write is done, but the writer hears that it failed.</summary>
    public required double StoreAnswerIsLost { get; init; }

    public required double RestartPerMinute { get; init; }

    public required double CrashPerMinute { get; init; }

    public required double SicknessPerMinute { get; init; }

    public required double DeployPerMinute { get; init; }

    public required double BadDeploys { get; init; }

    public required double StopPerMinute { get; init; }

    public required double DeletePerMinute { get; init; }

    public required double TrafficMovePerMinute { get; init; }

    public required double RequestsPerSecond { get; init; }

    public required double LongRequests { get; init; }

    public static Swarm Calm { get; } = Draw(new Random(0)) with
    {
        Instances = FaultRates.None,
        StoreFails = 0,
        StoreAnswerIsLost = 0,
        RestartPerMinute = 0,
        CrashPerMinute = 0,
        SicknessPerMinute = 0,
        DeployPerMinute = 0,
        BadDeploys = 0,
        StopPerMinute = 0,
        DeletePerMinute = 0,
        TrafficMovePerMinute = 0,
        RequestsPerSecond = 0,
    };

    public static Swarm Draw(Random dice)
    {
        double Maybe(double most) => dice.NextDouble() is var drawn && dice.Next(2) == 0 ? drawn * most : 0;
        return new Swarm
        {
            Instances = new FaultRates
            {
                StartFails = Maybe(0.3),
                CrashesAtStart = Maybe(0.3),
                NeverReady = Maybe(0.1),
                Crashes = Maybe(0.4),
                RunsOutOfMemory = Maybe(0.2),
                IgnoresSigterm = Maybe(0.5),
                CrashWithin = TimeSpan.FromMinutes(3),
            },
            StoreFails = Maybe(0.2),
            StoreAnswerIsLost = Maybe(0.1),
            RestartPerMinute = Maybe(0.5),
            CrashPerMinute = Maybe(4),
            SicknessPerMinute = Maybe(2),
            DeployPerMinute = Maybe(2),
            BadDeploys = Maybe(0.5),
            StopPerMinute = Maybe(0.5),
            DeletePerMinute = Maybe(0.3),
            TrafficMovePerMinute = Maybe(1),
            RequestsPerSecond = 0.5 + (dice.NextDouble() * 15),
            LongRequests = Maybe(0.1),
        };
    }
}
