namespace Slipway.Sdk.Live;

/// <summary>One event of a stream.</summary>
/// <param name="Id">What a reader sends as <c>Last-Event-ID</c> to go on after it.</param>
/// <param name="Json">The data, as JSON.</param>
public readonly record struct LiveEvent(string Id, string Type, string Json);
