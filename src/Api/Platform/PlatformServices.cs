using System.Security.Cryptography;
using Slipway.Api.Platform.Traffic;
using Slipway.Control.Autoscaling.Decisions;
using Slipway.Control.Fleet;
using Slipway.Control.Metering;
using Slipway.Registry.Images;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Health;
using Slipway.Runtime.Instances;
using Slipway.Store.Archiving;

namespace Slipway.Api.Platform;

/// <summary>Everything the platform's REST resources stand on, put together by the composition root.</summary>
public sealed record PlatformServices
{
    /// <summary>Store, logs, recycler, access and bounds: the same as those of the resource API on this listener.</summary>
    public required ApiServices Api { get; init; }

    public required IInstanceDriver Driver { get; init; }

    public required IInstanceHealth Health { get; init; }

    public required IEndpointDirectory Endpoints { get; init; }

    public required IDecisionHistory Decisions { get; init; }

    /// <summary>The counts of every revision's instances.</summary>
    public required Func<IReadOnlyCollection<RevisionFleetSnapshot>> Fleet { get; init; }

    public required ImageStore Images { get; init; }

    public required ITrafficReport Traffic { get; init; }

    public required IUsageLedger Usage { get; init; }

    /// <summary>The way of the embedded database server back to a moment; null when the server is somebody else's.</summary>
    public DatabaseArchive? Archive { get; init; }

    /// <summary>Where images are pushed to, as clients write it: <c>localhost:5000</c>.</summary>
    public string RegistryAddress { get; init; } = "localhost:5000";

    /// <summary>Signs cursors. A key that is kept lets clients page on over a restart; without one they begin again.</summary>
    public ReadOnlyMemory<byte> CursorKey { get; init; } = RandomNumberGenerator.GetBytes(32);
}
