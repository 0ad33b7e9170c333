using System.Diagnostics.Metrics;

namespace Retail.Cart;

/// <summary>The documented figures of the cart.</summary>
internal sealed class CartMetrics
{
    private readonly Counter<long> _added;
    private readonly Counter<long> _checkouts;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _durations;

    public CartMetrics(Meter meter)
    {
        _added = meter.CreateCounter<long>("cart.items.added", "{item}", "Pieces put into carts.");
        _checkouts = meter.CreateCounter<long>("checkouts", "{checkout}", "Checkouts by what became of them.");
        _requests = meter.CreateCounter<long>("http.requests", "{request}", "Requests by method, route and status.");
        _durations = meter.CreateHistogram<double>("http.request.duration", "s", "Time the cart took to answer, by method and route.");
        meter.CreateObservableGauge("carts.active", () => Active, "{cart}", "Carts with something in them that changed within the last day.");
    }

    /// <summary>As it was counted last.</summary>
    public long Active { get; set; }

    public void Added(int pieces) => _added.Add(pieces);

    public void Checkout(string result) => _checkouts.Add(1, new KeyValuePair<string, object?>("result", result));

    public void Request(string method, string route, int status, TimeSpan duration)
    {
        _requests.Add(1, new("method", method), new("route", route), new("status", status));
        _durations.Record(duration.TotalSeconds, new("method", method), new("route", route));
    }
}
