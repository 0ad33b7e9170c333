using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>What one question may use. Asking for more ends it with an error instead of ending the process.</summary>
internal sealed class QueryBudget(long samplesMax, CancellationToken cancellation)
{
    public const string Exceeded = "query processing would load too many samples into memory in query execution";

    private long _used;

    public long Left => samplesMax - _used;

    public CancellationToken Cancellation => cancellation;

    /// <exception cref="ReadLimitException">More than allowed.</exception>
    public void Charge(long samples)
    {
        _used += samples;
        if (_used > samplesMax)
        {
            throw new ReadLimitException(Exceeded);
        }
    }

    public void Check() => cancellation.ThrowIfCancellationRequested();

    public double[] NewRow(int steps)
    {
        Charge(steps);
        return GridSeries.Nothing(steps);
    }
}
