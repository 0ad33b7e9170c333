using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Metrics.Chunks;

namespace Slipway.Telemetry.Tests.Metrics;

public sealed class ChunkTests
{
    [Fact]
    public void Whatever_was_compressed_is_read_back_to_the_last_bit() => Property.Holds(300, dice =>
    {
        var samples = Samples(dice, dice.Next(1, 300));
        var writer = new ChunkWriter();
        foreach (var sample in samples)
        {
            writer.Append(sample.At, sample.Value);
        }

        var read = new Sample[samples.Length];
        return ChunkReader.TryDecode(writer.Copy(ChunkReader.Padding), writer.Length, writer.First, read) && Same(samples, read);
    });

    [Fact]
    public void A_writer_that_was_cleared_knows_nothing_of_the_chunk_before() => Property.Holds(50, dice =>
    {
        var writer = new ChunkWriter();
        foreach (var sample in Samples(dice, 50))
        {
            writer.Append(sample.At, sample.Value);
        }

        writer.Clear(dice.Next(2) == 0);
        var samples = Samples(dice, 50);
        foreach (var sample in samples)
        {
            writer.Append(sample.At, sample.Value);
        }

        var read = new Sample[50];
        return ChunkReader.TryDecode(writer.Copy(ChunkReader.Padding), writer.Length, writer.First, read) && Same(samples, read);
    });

    [Fact]
    public void Any_bytes_are_read_or_refused() => Property.Holds(500, dice =>
    {
        var bytes = new byte[dice.Next(0, 400)];
        dice.NextBytes(bytes);
        var padded = new byte[bytes.Length + ChunkReader.Padding];
        bytes.CopyTo(padded, 0);
        ChunkReader.TryDecode(padded, bytes.Length, 0, new Sample[dice.Next(0, 500)]);
        return true;
    });

    [Fact]
    public void A_series_that_stands_still_takes_two_bits_for_a_sample()
    {
        var writer = new ChunkWriter();
        for (var i = 0; i < 120; i++)
        {
            writer.Append(i * 15_000, 4.2);
        }

        Assert.True(writer.Length < 8 + 4 + (120 / 4), $"{writer.Length} bytes");
    }

    internal static Sample[] Samples(Random dice, int count)
    {
        var at = dice.NextInt64(0, 4_000_000_000_000);
        var value = dice.NextDouble() * 1000;
        var kind = dice.Next(5);
        var samples = new Sample[count];
        for (var i = 0; i < count; i++)
        {
            samples[i] = new Sample(at, dice.Next(40) == 0 ? Odd(dice) : value);
            at += dice.Next(30) == 0 ? dice.NextInt64(1, 40_000_000_000) : dice.Next(3) == 0 ? 15_000 + dice.Next(-20, 20) : 15_000;
            value = kind switch
            {
                0 => value,
                1 => Math.Floor(value) + dice.Next(0, 100),
                2 => value + dice.NextDouble(),
                3 => BitConverter.Int64BitsToDouble(dice.NextInt64(long.MinValue, long.MaxValue)),
                _ => dice.Next(2) == 0 ? 0 : dice.NextDouble(),
            };
        }

        return samples;
    }

    internal static bool Same(ReadOnlySpan<Sample> one, ReadOnlySpan<Sample> other)
    {
        if (one.Length != other.Length)
        {
            return false;
        }

        for (var i = 0; i < one.Length; i++)
        {
            if (one[i].At != other[i].At || BitConverter.DoubleToInt64Bits(one[i].Value) != BitConverter.DoubleToInt64Bits(other[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    private static double Odd(Random dice) => dice.Next(6) switch
    {
        0 => double.NaN,
        1 => Sample.Stale,
        2 => double.PositiveInfinity,
        3 => double.NegativeInfinity,
        4 => -0.0,
        _ => double.MaxValue,
    };
}
