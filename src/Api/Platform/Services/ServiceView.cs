namespace Slipway.Api.Platform.Services;

/// <summary>A deployed application as clients of the platform see it.</summary>
/// <param name="Id">Uid, which a later service of the same name does not share.</param>
/// <param name="Endpoint">Where other services reach it.</param>
/// <param name="Url">Where everybody reaches it; both are null until it has been routed once.</param>
/// <param name="Instances">How many run now, frozen ones included.</param>
internal sealed record ServiceView(
    string Id,
    string Name,
    string Namespace,
    string UserId,
    string? Endpoint,
    string? Url,
    string Health,
    string? Message,
    bool Stopped,
    IReadOnlyList<ServiceRevisionView> Revisions,
    int Instances,
    int InstancesReady,
    ServiceTrafficView Traffic,
    DateTimeOffset? CreatedAt);

/// <param name="Percent">Its share of the service's traffic.</param>
internal sealed record ServiceRevisionView(
    string Name, string? Image, bool? Ready, int Percent, IReadOnlyList<string> Tags, int Instances, DateTimeOffset? CreatedAt);

internal sealed record ServiceTrafficView(long Requests, long Errors, double? LatencySecondsAverage, int InFlight);
