using Microsoft.AspNetCore.Http;
using Slipway.Api.Access;
using Slipway.Api.Content;
using Slipway.Model.Resources;

namespace Slipway.Api.Requests;

/// <summary>One request after the dispatcher has found out who sends it and what it is about.</summary>
internal sealed record ApiRequest(HttpContext Http, Caller Caller, ResourcePath Path, Rendering Rendering, CloudRunDialect? Dialect)
{
    public ResourceKind Kind => Path.Kind;

    public ResourceKey Key => Path.Key;

    public CancellationToken Cancellation => Http.RequestAborted;

    public string Query(string name) => Http.Request.Query[name].ToString();

    public bool Flag(string name) => Query(name) is "true" or "1" or "True";
}

/// <summary>
/// gcloud reads and writes the same resources as everybody else, except that a project namespace exists as soon as it is
/// used and that everything shown to it carries a region.
/// </summary>
internal sealed record CloudRunDialect(string Region)
{
    public const string LocationLabel = "cloud.googleapis.com/location";

    /// <summary>Every gcloud request asks for <c>alt=json</c>, which no Kubernetes client does.</summary>
    public static CloudRunDialect? Of(HttpRequest request, string region) =>
        request.Query["alt"] == "json" ? new CloudRunDialect(region) : null;

    public Resource Show(Resource resource) =>
        resource.With(resource.Metadata with
        {
            Labels = new Dictionary<string, string>(resource.Metadata.Labels ?? []) { [LocationLabel] = Region },
        });
}
