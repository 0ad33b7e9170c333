namespace Slipway.Telemetry.Exports.Loki;

/// <summary>Where lines are handed on to, and how many of them may wait for it.</summary>
public sealed record LokiPusherOptions
{
    /// <summary>Of the other Loki, without the path: <c>https://logs.example.org</c>.</summary>
    public required Uri Address { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Sent as <c>X-Scope-OrgID</c>.</summary>
    public string? Tenant { get; init; }

    /// <summary>Labels every pushed stream gets in addition, to tell one platform from another.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];

    public int QueueLinesMax { get; init; } = 50_000;

    public long QueueBytesMax { get; init; } = 32L << 20;

    public int BatchLinesMax { get; init; } = 2_000;

    public long BatchBytesMax { get; init; } = 1L << 20;

    /// <summary>How long lines gather before they are pushed.</summary>
    public TimeSpan BatchWait { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan BackOffFirst { get; init; } = TimeSpan.FromSeconds(0.5);

    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromMinutes(1);
}
