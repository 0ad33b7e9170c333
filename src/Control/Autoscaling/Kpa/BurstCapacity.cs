namespace Slipway.Control.Autoscaling.Kpa;

/// <summary>How much sudden load fits into the instances that are there.</summary>
internal static class BurstCapacity
{
    private const double RequestsPerActivator = 100;

    /// <summary>Negative: a burst would not fit, so requests should pass the buffer in front of the instances.</summary>
    public static int Excess(KpaSettings settings, int ready, double panicAverage) => settings.TargetBurstCapacity switch
    {
        0 => 0,
        < 0 => -1,
        var wanted => (int)Math.Max(int.MinValue, Math.Floor((ready * settings.TotalPerInstance) - wanted - panicAverage)),
    };

    /// <summary>How many buffers share the load of a revision where the buffer is a fleet of its own.</summary>
    public static int Activators(KpaSettings settings, int ready) =>
        Math.Max(2, (int)Math.Ceiling(((ready * settings.TotalPerInstance) + Math.Max(0, settings.TargetBurstCapacity)) / RequestsPerActivator));

    /// <summary>How many of N instances to ask so that the answer is representative (95 % confidence, 20 % error).</summary>
    public static int SampleSize(int instances)
    {
        const double Spread = 15.3664;
        return instances <= 3 ? instances : (int)Math.Ceiling(instances * Spread / (instances + Spread - 1));
    }
}
