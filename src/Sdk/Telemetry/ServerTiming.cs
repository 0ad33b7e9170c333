namespace Slipway.Sdk.Telemetry;

/// <summary>Lets parts below the endpoints say where a request's time went; it shows in Server-Timing.</summary>
public static class ServerTiming
{
    /// <param name="name">Such as <c>db</c>. Several spans of one name are added up.</param>
    public static void Add(string name, TimeSpan duration) => RequestScope.Current?.AddTiming(name, duration);
}
