using System.Diagnostics;

namespace Slipway.Sdk.Telemetry;

/// <summary>
/// The service's own source of spans, <c>Slipway.{service}</c>. It is wrapped because the web server takes any bare
/// <see cref="ActivitySource"/> among the services for its own, and would then make a second span of every request.
/// </summary>
public sealed class Traces : IDisposable
{
    internal Traces(string name, string version) => Source = new ActivitySource(name, version);

    public ActivitySource Source { get; }

    /// <summary>A span below the current one, ended by disposing it; null if nobody would see it.</summary>
    public Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) => Source.StartActivity(name, kind);

    public void Dispose() => Source.Dispose();
}
