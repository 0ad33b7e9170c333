using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Polly.CircuitBreaker;

namespace Slipway.Sdk.Outbound;

/// <summary>The breakers in figures, per service that is called, on the meter <c>Slipway.Calls</c>.</summary>
internal sealed class CallMetrics : IDisposable
{
    public const string MeterName = "Slipway.Calls";

    private static readonly CircuitState[] s_states = [CircuitState.Closed, CircuitState.HalfOpen, CircuitState.Open];

    private readonly Meter _meter = new(MeterName);

    // One entry per client of the program.
    private readonly ConcurrentBag<(string Service, CircuitBreakerStateProvider State)> _breakers = [];

    public CallMetrics() =>
        _meter.CreateObservableGauge("calls.breaker.state", Observe, "{breaker}", "Breakers per service that is called and state they are in.");

    public CircuitBreakerStateProvider Breaker(string service)
    {
        var state = new CircuitBreakerStateProvider();
        _breakers.Add((service, state));
        return state;
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<int>> Observe() =>
        from breaker in _breakers
        group breaker.State.CircuitState by breaker.Service into states
        from state in s_states
        select new Measurement<int>(
            states.Count(one => one == state),
            new KeyValuePair<string, object?>("service", states.Key),
            new KeyValuePair<string, object?>("state", Name(state)));

    private static string Name(CircuitState state) => state switch
    {
        CircuitState.Closed => "closed",
        CircuitState.HalfOpen => "halfOpen",
        _ => "open",
    };
}
