namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>The moments at which an expression is evaluated: one for an instant query.</summary>
internal readonly record struct StepGrid(long Start, long Step, int Count)
{
    public long At(int step) => Start + (step * Step);

    public StepGrid First => this with { Count = 1 };
}
