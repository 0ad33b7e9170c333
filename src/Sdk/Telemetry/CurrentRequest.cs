namespace Slipway.Sdk.Telemetry;

/// <summary>Ids of the request that the current flow of work belongs to, for what is sent onwards; null outside of requests.</summary>
public static class CurrentRequest
{
    public static string? Id => RequestScope.Current?.RequestId;

    /// <summary>Names one business flow across services and events.</summary>
    public static string? CorrelationId => RequestScope.Current?.CorrelationId;

    /// <summary>What made this happen: the event that is being handled, else the request.</summary>
    public static string? CausationId => RequestScope.Current?.CausationId;

    /// <summary>How long the request's sender still waits, if it said so; a call made for it should take no longer.</summary>
    public static TimeSpan? TimeLeft => RequestScope.Current?.Deadline?.Left;
}
