using Microsoft.Extensions.Logging;
using Slipway.Control.Autoscaling.Decisions;
using Slipway.Control.Configurations;
using Slipway.Control.Databases;
using Slipway.Control.Fleet;
using Slipway.Control.Instances;
using Slipway.Control.Routes;
using Slipway.Model.Serving;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Health;
using Slipway.Runtime.Images;
using Slipway.Runtime.Instances;
using Slipway.Store;

namespace Slipway.Control;

/// <summary>What the control plane stands on. Everything here is made and disposed of by the composition root.</summary>
public sealed record ControlPlaneParts
{
    public required IResourceStore Store { get; init; }

    public required IInstanceDriver Driver { get; init; }

    public required IInstanceHealth Health { get; init; }

    public required IImages Images { get; init; }

    /// <summary>Where the fleet publishes who is ready; the data plane follows it.</summary>
    public required EndpointDirectory Endpoints { get; init; }

    public required ITrafficGate Gate { get; init; }

    public required ILoadSource Load { get; init; }

    public required IngressSettings Ingress { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>What the data plane has taken up; without one every table counts as served at once.</summary>
    public IIngressStatus IngressStatus { get; init; } = new ImmediateIngress();

    /// <summary>The server Databases are made on; null leaves them waiting and says so.</summary>
    public DatabaseAccess? Databases { get; init; }

    /// <summary>Issues the tokens of serviceAccountToken volumes; without it templates that ask for one are refused.</summary>
    public IServiceAccountTokens? ServiceAccountTokens { get; init; }

    /// <summary>What instances are told about the installation around them; nothing when null.</summary>
    public Surroundings? Surroundings { get; init; }

    public FleetSettings Fleet { get; init; } = new();

    public DecisionLogSettings Decisions { get; init; } = new();

    public RevisionRetentionSettings Retention { get; init; } = RevisionRetentionSettings.Default;
}
