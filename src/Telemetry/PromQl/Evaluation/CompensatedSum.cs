namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>A sum which carries along what rounding took from it (Kahan and Neumaier).</summary>
internal struct CompensatedSum
{
    private double _sum;
    private double _lost;

    public readonly double Sum => _sum;

    public readonly double Value => _sum + _lost;

    /// <summary>What was lost beside an infinite sum is no number.</summary>
    public readonly double ValueOrInfinity => double.IsInfinity(_sum) ? _sum : _sum + _lost;

    public void Add(double value)
    {
        var sum = _sum + value;
        _lost += Math.Abs(_sum) >= Math.Abs(value) ? _sum - sum + value : value - sum + _sum;
        _sum = sum;
    }
}
