namespace Slipway.Api.Content.Protobuf;

internal enum WireType
{
    Text,
    Whole,
    Flag,

    /// <summary>Bytes, which JSON shows as base64.</summary>
    Bytes,

    Message,

    /// <summary>A message whose fields JSON shows as fields of its parent.</summary>
    Inline,

    TextMap,
    BytesMap,
    QuantityMap,
    Time,
    Quantity,
    IntOrText,
}

/// <summary>One numbered field of a message and what JSON makes of it.</summary>
internal sealed record WireField(int Number, string Name, WireType Type)
{
    public MessageShape? Message { get; init; }

    public bool Repeated { get; init; }

    /// <summary>
    /// Senders write zero values of plain fields too, where JSON leaves them out. Fields that can be absent keep theirs,
    /// because there zero means something else than nothing.
    /// </summary>
    public bool KeepsZero { get; init; }

    public WireField Many() => this with { Repeated = true };

    public WireField Optional() => this with { KeepsZero = true };
}

/// <summary>The published field numbers of one message.</summary>
internal sealed class MessageShape(params WireField[] fields)
{
    private readonly Dictionary<int, WireField> _byNumber = fields.ToDictionary(field => field.Number);

    public WireField? Find(int number) => _byNumber.GetValueOrDefault(number);

    public static WireField Text(int number, string name) => new(number, name, WireType.Text);

    public static WireField Whole(int number, string name) => new(number, name, WireType.Whole);

    public static WireField Flag(int number, string name) => new(number, name, WireType.Flag);

    public static WireField Of(int number, string name, MessageShape message) => new(number, name, WireType.Message) { Message = message };

    public static WireField Inline(int number, MessageShape message) => new(number, "", WireType.Inline) { Message = message };

    public static WireField As(int number, string name, WireType type) => new(number, name, type);
}
