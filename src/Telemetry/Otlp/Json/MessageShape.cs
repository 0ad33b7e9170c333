using System.Text;

namespace Slipway.Telemetry.Otlp.Json;

internal enum FieldForm
{
    Text,

    /// <summary>Bytes which are hexadecimal digits in JSON: ids of traces and spans.</summary>
    Hex,

    Base64,
    Whole,

    /// <summary>A signed number whose small negatives are short, too.</summary>
    ZigZag,

    Flag,
    Choice,
    Fixed64,
    SignedFixed64,
    Fixed32,
    Double,
    Message,
}

/// <summary>One field of a message: how protobuf numbers it and how JSON calls it, in both spellings.</summary>
internal sealed class FieldShape(int number, string name, FieldForm form, bool repeated, Func<MessageShape>? message, IReadOnlyList<string>? choices)
{
    public int Number { get; } = number;

    public byte[] CamelName { get; } = Encoding.UTF8.GetBytes(Camel(name));

    public byte[] SnakeName { get; } = Encoding.UTF8.GetBytes(name);

    public FieldForm Form { get; } = form;

    public bool Repeated { get; } = repeated;

    public MessageShape Message => message!();

    /// <summary>The names of a choice, at the places of their numbers.</summary>
    public IReadOnlyList<string> Choices { get; } = choices ?? [];

    private static string Camel(string name)
    {
        var text = new StringBuilder(name.Length);
        for (var index = 0; index < name.Length; index++)
        {
            if (name[index] != '_')
            {
                text.Append(index > 0 && name[index - 1] == '_' ? char.ToUpperInvariant(name[index]) : name[index]);
            }
        }

        return text.ToString();
    }
}

/// <summary>What a message consists of; enough to turn it from JSON into protobuf and back.</summary>
internal sealed class MessageShape(params FieldShape[] fields)
{
    public IReadOnlyList<FieldShape> Fields { get; } = fields;

    public FieldShape? Find(ref System.Text.Json.Utf8JsonReader json)
    {
        foreach (var field in fields)
        {
            if (json.ValueTextEquals(field.CamelName) || json.ValueTextEquals(field.SnakeName))
            {
                return field;
            }
        }

        return null;
    }
}
