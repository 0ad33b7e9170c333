using System.Text.Json.Serialization;
using Slipway.Model.Gateway;
using Slipway.Model.Platform;
using Slipway.Model.Serving;

namespace Slipway.Gateway.Routing;

/// <summary>
/// Everything routing depends on, as plain data: read from the store, kept in a file for the next start, compiled into a
/// <see cref="RoutingSnapshot"/>. It holds no reference to anything alive.
/// </summary>
internal sealed record RoutingPicture
{
    public long Version { get; set; }

    public List<ServicePicture> Services { get; set; } = [];

    public List<RevisionPicture> Revisions { get; set; } = [];

    public List<HttpRoutePicture> HttpRoutes { get; set; } = [];

    public List<PolicyPicture> Policies { get; set; } = [];
}

internal sealed record ServicePicture
{
    public string Namespace { get; set; } = "";

    public string Name { get; set; } = "";

    public bool Stopped { get; set; }

    public bool Internal { get; set; }

    public bool Affinity { get; set; }

    /// <summary>Who may invoke it; null is everybody.</summary>
    public List<string>? Invokers { get; set; }

    /// <summary>Further names a token for it may carry.</summary>
    public List<string> Audiences { get; set; } = [];

    public List<TrafficTarget> Traffic { get; set; } = [];
}

internal sealed record RevisionPicture
{
    public string Namespace { get; set; } = "";

    public string Name { get; set; } = "";

    public int? TimeoutSeconds { get; set; }

    public int? ResponseStartTimeoutSeconds { get; set; }

    public int? IdleTimeoutSeconds { get; set; }

    public bool Affinity { get; set; }
}

internal sealed record HttpRoutePicture
{
    public string Namespace { get; set; } = "";

    public string Name { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public HttpRouteSpec Spec { get; set; } = new();
}

internal sealed record PolicyPicture
{
    public string Namespace { get; set; } = "";

    public string Name { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public TrafficPolicySpec Spec { get; set; } = new();

    /// <summary>The public keys the policy names, already fetched; null when the Secret or its key is missing.</summary>
    public string? Jwks { get; set; }

    /// <summary>What the issuing Service calls itself; null when the policy names the issuer by hand or none is known yet.</summary>
    public string? Issuer { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RoutingPicture))]
internal sealed partial class RoutingJson : JsonSerializerContext;
