using System.Globalization;

namespace Slipway.Platform.Bench;

/// <summary>Durations of one kind, told by their middle and their tail.</summary>
internal sealed class Sample
{
    private readonly List<double> _milliseconds = [];

    public void Add(TimeSpan duration) => _milliseconds.Add(duration.TotalMilliseconds);

    public double Median => At(0.50);

    public double At(double quantile)
    {
        var sorted = _milliseconds.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)(quantile * sorted.Count))];
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"p50 {Median,8:0.0} ms   p99 {At(0.99),8:0.0} ms   max {At(1),8:0.0} ms   (n={_milliseconds.Count})");
}
