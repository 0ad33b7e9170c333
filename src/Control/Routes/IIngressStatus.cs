namespace Slipway.Control.Routes;

/// <summary>A Route by name.</summary>
public readonly record struct RouteKey(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}/{Name}";
}

/// <summary>
/// What the data plane says about the routes it has taken up. A Service is ready only when the first request afterwards
/// is answered by the new traffic table, so the control plane asks before it says so.
/// </summary>
public interface IIngressStatus
{
    /// <summary>Whether requests are already routed by this version of the Route (its <c>resourceVersion</c>) or a newer one.</summary>
    bool Serves(RouteKey route, long version);

    /// <summary>Raised after the data plane took up something new. Handlers return quickly.</summary>
    event Action? Changed;
}

/// <summary>For a control plane without a data plane beside it: every table counts as served at once.</summary>
public sealed class ImmediateIngress : IIngressStatus
{
    public event Action? Changed
    {
        add { }
        remove { }
    }

    public bool Serves(RouteKey route, long version) => true;
}
