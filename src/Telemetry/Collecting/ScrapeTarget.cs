using System.Net;

namespace Slipway.Telemetry.Collecting;

/// <summary>Whether somebody has said that an instance tells figures.</summary>
public enum ScrapeWish
{
    /// <summary>Nobody said anything: it is tried, and an instance that has no such address is left alone.</summary>
    Unsaid,

    /// <summary>It is to be scraped, and is down if it cannot be.</summary>
    Asked,
}

/// <summary>An instance whose figures are fetched, straight from it: the gateway does not see it, so it wakes nothing and counts as no traffic.</summary>
public sealed record ScrapeTarget(
    string Namespace, string Service, string Revision, string Instance, IPEndPoint Address, string Path, ScrapeWish Wish, bool Http2 = false)
{
    /// <summary>Whose share of the series it counts against.</summary>
    public string Source => $"{Namespace}/{Service}";

    public Uri Url => new($"http://{Address}{Path}");
}

/// <summary>
/// The instances that run and are ready at this moment. Frozen ones are not among them: nobody may touch them.
/// </summary>
public interface IScrapeTargets
{
    IReadOnlyList<ScrapeTarget> Now();
}
