using Slipway.Telemetry.Otlp.Wire;

namespace Slipway.Telemetry.Otlp.Decoding;

/// <summary>
/// An exponential histogram as explicit buckets whose bounds are powers of the square root of two, whatever the resolution it came in,
/// so that its series stay the same when a program lowers the resolution. Bounds lie between 2^-32 and 2^48; what is beyond counts in
/// the outermost bucket. Negative values and zeros count in the bucket of zero.
/// </summary>
internal sealed class ExponentialTotal
{
    private const int Lowest = -64;
    private const int Highest = 95;
    private const int BucketsMax = 2048;

    private readonly double[] _counts = new double[Highest - Lowest + 1];
    private double _zero;
    private double _count;
    private double _sum;
    private int _low = int.MaxValue;
    private int _high = int.MinValue;

    /// <summary>Adds the bucket list of one sign.</summary>
    /// <returns>Whether it could be read.</returns>
    public bool AddBuckets(ReadOnlySpan<byte> message, int scale, bool positive)
    {
        var offset = 0L;
        ulong[] counts = [];
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                offset = (long)(reader.Number >> 1) ^ -(long)(reader.Number & 1);
            }
            else if (reader.Field == 2 && reader.Wire == WireType.Bytes)
            {
                if (ProtoReader.Varints(reader.Bytes, BucketsMax) is not { } read)
                {
                    return false;
                }

                counts = read;
            }
        }

        for (var index = 0; index < counts.Length; index++)
        {
            if (counts[index] == 0)
            {
                continue;
            }

            if (positive)
            {
                Add(offset + index, scale, counts[index]);
            }
            else
            {
                _zero += counts[index];
            }
        }

        return !reader.Failed;
    }

    public void Add(ulong zeros, ulong count, double sum)
    {
        _zero += zeros;
        _count += count;
        _sum += sum;
    }

    public double Count => _count;

    public double Sum => _sum;

    /// <summary>Upper bounds and how many values are not above them, ascending, without the infinite one.</summary>
    public IEnumerable<(double Bound, double Count)> Buckets()
    {
        var count = _zero;
        if (_zero > 0)
        {
            yield return (0, count);
        }

        for (var index = _low; index <= _high; index++)
        {
            count += _counts[index - Lowest];
            yield return (Math.Pow(2, (index + 1) / 2.0), count);
        }
    }

    private void Add(long index, int scale, double count)
    {
        // One step of the scale halves or doubles how many powers of two a bucket spans.
        var shift = Math.Clamp(scale, -20, 40) - 1;
        var moved = shift >= 0 ? index >> shift : (Math.Clamp(index, int.MinValue, int.MaxValue) + 1) * (1L << -shift) - 1;
        var place = (int)Math.Clamp(moved, Lowest, Highest);
        _counts[place - Lowest] += count;
        _low = Math.Min(_low, place);
        _high = Math.Max(_high, place);
    }
}
