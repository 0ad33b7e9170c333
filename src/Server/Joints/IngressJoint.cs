using Slipway.Control.Routes;
using Slipway.Gateway;

namespace Slipway.Server.Joints;

/// <summary>A Service is called ready only when the gateway already routes by its new table.</summary>
internal sealed class IngressJoint(GatewayServer gateway) : IIngressStatus
{
    public event Action? Changed
    {
        add => gateway.RoutingChanged += value;
        remove => gateway.RoutingChanged -= value;
    }

    public bool Serves(RouteKey route, long version) => gateway.RoutingVersion >= version;
}
