using System.Numerics;

namespace Slipway.Telemetry.Traces.Figures;

/// <summary>Durations counted in buckets of four to each power of two, so a quantile is right within a tenth.</summary>
internal sealed class DurationHistogram
{
    private const int StepsOfPower = 4;
    private const int LowestPower = 10;
    private const int Buckets = 36 * StepsOfPower;

    private readonly int[] _counts = new int[Buckets];
    private long _count;

    public void Add(long nanoseconds)
    {
        _counts[IndexOf(nanoseconds)]++;
        _count++;
    }

    public void Add(DurationHistogram other)
    {
        for (var index = 0; index < Buckets; index++)
        {
            _counts[index] += other._counts[index];
        }

        _count += other._count;
    }

    /// <summary>In nanoseconds; 0 if nothing was counted.</summary>
    public double Quantile(double quantile)
    {
        var rank = quantile * _count;
        var before = 0L;
        for (var index = 0; index < Buckets; index++)
        {
            if (_counts[index] > 0 && before + _counts[index] >= rank)
            {
                var within = Math.Clamp((rank - before) / _counts[index], 0, 1);
                return LowerBound(index) + (within * (LowerBound(index + 1) - LowerBound(index)));
            }

            before += _counts[index];
        }

        return 0;
    }

    private static int IndexOf(long nanoseconds)
    {
        if (nanoseconds < 1L << LowestPower)
        {
            return 0;
        }

        var power = 63 - BitOperations.LeadingZeroCount((ulong)nanoseconds);
        var step = (int)((nanoseconds - (1L << power)) * StepsOfPower >> power);
        return Math.Min(Buckets - 1, ((power - LowestPower) * StepsOfPower) + step);
    }

    private static double LowerBound(int index) =>
        index == 0 ? 0 : Math.Pow(2, LowestPower + (index / StepsOfPower)) * (1 + (index % StepsOfPower / (double)StepsOfPower));
}
