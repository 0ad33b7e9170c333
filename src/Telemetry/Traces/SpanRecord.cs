namespace Slipway.Telemetry.Traces;

public enum SpanKind
{
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}

public enum SpanStatus
{
    Unset,
    Ok,
    Error,
}

/// <summary>A value of an attribute. Lists and maps are kept as the JSON they came as.</summary>
public readonly record struct AttributeValue
{
    private readonly string? _text;
    private readonly double _number;

    private AttributeValue(AttributeKind kind, string? text, double number) => (Kind, _text, _number) = (kind, text, number);

    public AttributeKind Kind { get; }

    public static AttributeValue Of(string text) => new(AttributeKind.Text, text, 0);

    public static AttributeValue Json(string json) => new(AttributeKind.Json, json, 0);

    public static AttributeValue Of(bool value) => new(AttributeKind.Flag, null, value ? 1 : 0);

    public static AttributeValue Of(long value) => new(AttributeKind.Whole, null, BitConverter.Int64BitsToDouble(value));

    public static AttributeValue Of(double value) => new(AttributeKind.Fraction, null, value);

    public bool Flag => _number != 0;

    public long Whole => BitConverter.DoubleToInt64Bits(_number);

    public double Fraction => _number;

    public override string ToString() => Kind switch
    {
        AttributeKind.Flag => Flag ? "true" : "false",
        AttributeKind.Whole => Whole.ToString(System.Globalization.CultureInfo.InvariantCulture),
        AttributeKind.Fraction => Fraction.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => _text ?? "",
    };
}

public enum AttributeKind
{
    Text,
    Flag,
    Whole,
    Fraction,
    Json,
}

public readonly record struct SpanAttribute(string Name, AttributeValue Value);

public sealed record SpanEvent(long Nanoseconds, string Name, IReadOnlyList<SpanAttribute> Attributes);

public sealed record SpanLink(string TraceId, string SpanId, IReadOnlyList<SpanAttribute> Attributes);

/// <summary>One finished piece of work of one program, as OpenTelemetry describes it. Ids are lower-case hexadecimal digits.</summary>
public sealed record SpanRecord
{
    public required string TraceId { get; init; }

    public required string SpanId { get; init; }

    public string? ParentSpanId { get; init; }

    /// <summary><c>service.name</c> of its resource.</summary>
    public required string Service { get; init; }

    public required string Name { get; init; }

    public SpanKind Kind { get; init; }

    /// <summary>Nanoseconds since 1970, UTC.</summary>
    public required long Start { get; init; }

    public required long End { get; init; }

    public SpanStatus Status { get; init; }

    public string StatusMessage { get; init; } = "";

    public IReadOnlyList<SpanAttribute> Attributes { get; init; } = [];

    /// <summary>What all spans of the program share: <c>service.namespace</c>, <c>service.instance.id</c>, <c>slipway.revision</c>, …</summary>
    public IReadOnlyList<SpanAttribute> Resource { get; init; } = [];

    public IReadOnlyList<SpanEvent> Events { get; init; } = [];

    public IReadOnlyList<SpanLink> Links { get; init; } = [];

    public long Nanoseconds => Math.Max(0, End - Start);
}

/// <summary>Takes finished spans. It never waits; spans for which there is no room are dropped and counted.</summary>
public interface ISpanSink
{
    /// <returns>How many were taken.</returns>
    int Append(ReadOnlySpan<SpanRecord> spans);
}
