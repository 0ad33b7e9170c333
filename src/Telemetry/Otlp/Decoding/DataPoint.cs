using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Otlp.Wire;

namespace Slipway.Telemetry.Otlp.Decoding;

/// <summary>One point of any kind of metric. Their messages number the same things differently.</summary>
internal sealed class DataPoint(TextCache texts)
{
    private const int LabelsMax = 64;
    private const int ExemplarsMax = 64;
    private const int QuantilesMax = 64;
    private const int NumbersMax = 4096;

    public List<KeyValuePair<string, string>> Labels { get; } = [];

    public List<Exemplar> Exemplars { get; } = [];

    public List<(double Quantile, double Value)> Quantiles { get; } = [];

    public long Nanoseconds { get; private set; }

    public double? Value { get; private set; }

    public double Count { get; private set; }

    public double? Sum { get; private set; }

    public List<double> Counts { get; } = [];

    public List<double> Bounds { get; } = [];

    public int Scale { get; private set; }

    public ulong Zeros { get; private set; }

    /// <summary>The program says that there is no value: the series ends here.</summary>
    public bool NoValue { get; private set; }

    public bool Read(ReadOnlySpan<byte> message, int kind)
    {
        var (attributes, exemplars, flags) = kind switch
        {
            5 or 7 => (7, 5, 8),
            9 => (9, 8, 10),
            10 => (1, 11, 10),
            _ => (7, 0, 8),
        };
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == attributes)
            {
                if (!Attribute(reader.Bytes))
                {
                    return false;
                }
            }
            else if (reader.Field == exemplars)
            {
                if (!ReadExemplar(reader.Bytes))
                {
                    return false;
                }
            }
            else if (reader.Field == flags)
            {
                NoValue = (reader.Number & 1) != 0;
            }
            else if (reader.Field == 3)
            {
                Nanoseconds = reader.Signed;
            }
            else if (kind is 5 or 7)
            {
                Value = reader.Field switch
                {
                    4 => reader.Double,
                    6 => reader.Signed,
                    _ => Value,
                };
            }
            else if (!Distribution(ref reader, kind))
            {
                return false;
            }
        }

        return !reader.Failed;
    }

    /// <summary>The last exemplar whose value belongs in a bucket.</summary>
    public Exemplar? ExemplarBetween(double above, double notAbove)
    {
        for (var index = Exemplars.Count - 1; index >= 0; index--)
        {
            if (Exemplars[index].Value > above && Exemplars[index].Value <= notAbove)
            {
                return Exemplars[index];
            }
        }

        return null;
    }

    private bool Distribution(ref ProtoReader reader, int kind)
    {
        switch (reader.Field)
        {
            case 4:
                Count = reader.Number;
                break;
            case 5:
                Sum = reader.Double;
                break;
            case 6 when kind == 9:
                return Numbers(ref reader, Counts, whole: true);
            case 7 when kind == 9:
                return Numbers(ref reader, Bounds, whole: false);
            case 6 when kind == 10:
                Scale = (int)((long)(reader.Number >> 1) ^ -(long)(reader.Number & 1));
                break;
            case 7 when kind == 10:
                Zeros = reader.Number;
                break;
            case 6 when kind == 11 && Quantiles.Count < QuantilesMax:
                return Quantile(reader.Bytes);
            default:
                break;
        }

        return true;
    }

    /// <summary>A list of numbers, packed as it should be or one by one as it may be.</summary>
    private static bool Numbers(ref ProtoReader reader, List<double> numbers, bool whole)
    {
        if (reader.Wire != WireType.Bytes)
        {
            numbers.Add(whole ? reader.Number : reader.Double);
            return numbers.Count <= NumbersMax;
        }

        var list = reader.Bytes;
        if (list.Length % 8 != 0 || numbers.Count + (list.Length / 8) > NumbersMax)
        {
            return false;
        }

        for (var index = 0; index < list.Length; index += 8)
        {
            var bits = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(list[index..]);
            numbers.Add(whole ? bits : BitConverter.UInt64BitsToDouble(bits));
        }

        return true;
    }

    private bool Attribute(ReadOnlySpan<byte> message)
    {
        if (AttributeReading.Pair(message, texts) is not { } attribute)
        {
            return false;
        }

        if (Labels.Count < LabelsMax)
        {
            Labels.Add(KeyValuePair.Create(PrometheusNames.Label(attribute.Name), attribute.Value.ToString()));
        }

        return true;
    }

    private bool Quantile(ReadOnlySpan<byte> message)
    {
        var (quantile, value) = (0.0, 0.0);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            (quantile, value) = reader.Field switch
            {
                1 => (reader.Double, value),
                2 => (quantile, reader.Double),
                _ => (quantile, value),
            };
        }

        Quantiles.Add((quantile, value));
        return !reader.Failed;
    }

    private bool ReadExemplar(ReadOnlySpan<byte> message)
    {
        var (at, value) = (0L, 0.0);
        string? trace = null, span = null;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    at = reader.Signed;
                    break;
                case 3:
                    value = reader.Double;
                    break;
                case 6:
                    value = reader.Signed;
                    break;
                case 4:
                    span = Ids.Read(reader.Bytes, 8);
                    break;
                case 5:
                    trace = Ids.Read(reader.Bytes, 16);
                    break;
                default:
                    break;
            }
        }

        if (trace is not null && Exemplars.Count < ExemplarsMax)
        {
            Exemplars.Add(new Exemplar(LabelSet.Of(("trace_id", trace), ("span_id", span ?? "")), value, at / 1_000_000));
        }

        return !reader.Failed;
    }
}
