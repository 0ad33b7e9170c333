using System.Diagnostics;

namespace Slipway.Bench.Telemetry;

/// <summary>How long something took, by the clock and by the processor: on a machine that is busy only the second says something.</summary>
internal readonly record struct Took(double Seconds, double ProcessorSeconds)
{
    public static Took By(Action act)
    {
        var (start, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        act();
        return new Took(Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Seconds * 1000:N0} ms ({ProcessorSeconds * 1000:N0} ms of processor)");
}
