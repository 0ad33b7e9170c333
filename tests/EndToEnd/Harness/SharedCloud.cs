namespace Slipway.EndToEnd.Tests.Harness;

/// <summary>
/// One cloud for all scenes that leave it as they found it; scenes that break things start their own. Names of services
/// are unique per scene.
/// </summary>
public sealed class SharedCloud : IAsyncLifetime
{
    public const string Collection = "shared cloud";

    /// <summary>Short times, so that a scene can watch an instance freeze and stop, and finds its figures soon.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>
    {
        ["SLIPWAY_FREEZE_AFTER_SECONDS"] = "2",
        ["SLIPWAY_TELEMETRY_SCRAPE_SECONDS"] = "1",
    };

    internal Cloud Cloud { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cloud = await Cloud.StartAsync(Settings);

    public async ValueTask DisposeAsync() => await Cloud.DisposeAsync();
}

[CollectionDefinition(SharedCloud.Collection)]
public sealed class SharedCloudCollection : ICollectionFixture<SharedCloud>;
