using Slipway.Control.Routes;

namespace Slipway.Control.Tests.World;

/// <summary>A data plane that takes up new tables at once, or only when a test says so.</summary>
internal sealed class FakeIngress : IIngressStatus
{
    private long _served = long.MaxValue;

    public event Action? Changed;

    public bool Serves(RouteKey route, long version) => version <= _served;

    public void StopAt(long version) => _served = version;

    public void TakeUp(long version)
    {
        _served = version;
        Changed?.Invoke();
    }
}
