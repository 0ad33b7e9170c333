namespace Slipway.Sdk.Service;

/// <summary>What a service takes from its surroundings; tests hand in their own.</summary>
public sealed class SlipwayServiceOptions
{
    public Func<string, string?> Environment { get; set; } = System.Environment.GetEnvironmentVariable;

    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Where log lines go.</summary>
    public Func<Stream> Output { get; set; } = Console.OpenStandardOutput;
}
