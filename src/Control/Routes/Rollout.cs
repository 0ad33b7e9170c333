namespace Slipway.Control.Routes;

/// <summary>The share one Revision has within an entry that follows the latest.</summary>
internal sealed record RolloutShare
{
    public string Revision { get; set; } = "";

    public int Percent { get; set; }
}

/// <summary>How far the traffic of one entry that follows the latest has moved. Kept on the Route, so that a restart goes on where it was.</summary>
internal sealed record Rollout
{
    public string Configuration { get; set; } = "";

    public string? Tag { get; set; }

    /// <summary>Oldest first; the last one is where the traffic moves to.</summary>
    public List<RolloutShare> Shares { get; set; } = [];

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>Null until the data plane has taken up the first percent: only then it is known how long a step takes.</summary>
    public DateTimeOffset? NextStepAt { get; set; }

    public double StepSeconds { get; set; }

    public int StepSize { get; set; }

    public bool Settled => Shares.Count <= 1;

    public static Rollout To(string configuration, string? tag, string revision, int percent) =>
        new() { Configuration = configuration, Tag = tag, Shares = [new RolloutShare { Revision = revision, Percent = percent }] };
}
