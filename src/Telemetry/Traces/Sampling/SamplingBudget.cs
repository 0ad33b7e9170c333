namespace Slipway.Telemetry.Traces.Sampling;

/// <summary>
/// Lowers the ratios when more spans would be kept than the budget allows, and lets them rise again. What must be kept is kept in any case
/// and uses up the budget first. It goes down at once, and up by a tenth a second, so that it does not swing.
/// </summary>
internal sealed class SamplingBudget(double spansPerSecond)
{
    private const double Lowest = 0.001;
    private const double Rise = 1.1;

    /// <summary>By what the ratios are multiplied.</summary>
    public double Factor { get; private set; } = 1;

    /// <param name="mandatory">Spans of traces that had to be kept.</param>
    /// <param name="ordinary">Spans of the others which the undiminished ratios would keep.</param>
    public void Observe(double mandatory, double ordinary, double seconds)
    {
        if (seconds <= 0 || spansPerSecond <= 0)
        {
            return;
        }

        var left = Math.Max(0, spansPerSecond - (mandatory / seconds));
        var wanted = ordinary / seconds;
        var fitting = wanted <= left ? 1 : Math.Max(Lowest, left / wanted);
        Factor = fitting < Factor ? fitting : Math.Min(fitting, Factor * Rise);
    }
}
