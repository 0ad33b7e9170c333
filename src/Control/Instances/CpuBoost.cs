namespace Slipway.Control.Instances;

/// <summary>How much CPU an instance may use while it starts, as Cloud Run's table says. Pure.</summary>
internal static class CpuBoost
{
    public const string Annotation = "run.googleapis.com/startup-cpu-boost";

    /// <summary>Null when there is nothing to raise: no limit, or one beyond the table.</summary>
    public static double? Of(double? limit)
    {
        double? boosted = limit switch
        {
            <= 1 => 2,
            <= 2 => 4,
            <= 8 => 8,
            _ => null,
        };
        return boosted > limit ? boosted : null;
    }
}
