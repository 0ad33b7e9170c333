using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Slipway.Cli.Terminal;

/// <summary>YAML in and out, through JSON trees, by the rules Kubernetes tools follow (YAML 1.1 booleans excepted).</summary>
internal static class Yaml
{
    /// <summary>Every document of a stream that is an object; a List is unpacked into its items.</summary>
    public static IReadOnlyList<JsonObject> Read(string text, string source)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            throw new CliFailure($"{source}: line {error.Start.Line}, column {error.Start.Column}: {error.Message}", ExitCodes.Usage);
        }

        catch (InvalidOperationException)
        {
            // The parser gives up this way on flow collections that are never closed.
            throw new CliFailure($"{source}: not readable as YAML; is a bracket or a quote left open?", ExitCodes.Usage);
        }

        var manifests = new List<JsonObject>();
        foreach (var document in stream.Documents)
        {
            var node = ToJson(document.RootNode);
            if (node is null)
            {
                continue;
            }

            if (node is not JsonObject manifest)
            {
                throw new CliFailure($"{source}: a document is not a mapping with apiVersion and kind.", ExitCodes.Usage);
            }

            if ((string?)manifest["kind"] == "List" && manifest["items"] is JsonArray items)
            {
                manifests.AddRange(items.OfType<JsonObject>().Select(item => item.DeepClone().AsObject()));
            }
            else
            {
                manifests.Add(manifest);
            }
        }

        return manifests;
    }

    public static string Write(JsonNode node)
    {
        var text = new StringBuilder();
        WriteNode(text, node, 0, inList: false);
        return text.ToString();
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(child =>
            KeyValuePair.Create(((YamlScalarNode)child.Key).Value ?? "", ToJson(child.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode scalar => ToJson(scalar),
        _ => null,
    };

    private static JsonValue? ToJson(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted or ScalarStyle.Literal or ScalarStyle.Folded)
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            _ when LooksLikeFraction(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction) => JsonValue.Create(fraction),
            _ => JsonValue.Create(text),
        };
    }

    private static bool LooksLikeFraction(string text) => text.All(character => char.IsAsciiDigit(character) || character is '.' or '-' or '+' or 'e' or 'E') && text.Any(char.IsAsciiDigit);

    private static void WriteNode(StringBuilder text, JsonNode? node, int depth, bool inList)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                var first = true;
                foreach (var (name, value) in members)
                {
                    // The first member of a list's item stands on the line of its dash.
                    text.Append(' ', first && inList ? 0 : depth * 2).Append(Scalar(name)).Append(':');
                    WriteValue(text, value, depth);
                    first = false;
                }

                break;
            case JsonArray { Count: > 0 } items:
                var isFirst = true;
                foreach (var item in items)
                {
                    text.Append(' ', isFirst && inList ? 0 : depth * 2).Append("- ");
                    isFirst = false;
                    if (item is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
                    {
                        WriteNode(text, item, depth + 1, inList: true);
                    }
                    else
                    {
                        text.Append(Leaf(item)).Append('\n');
                    }
                }

                break;
            default:
                text.Append(Leaf(node)).Append('\n');
                break;
        }
    }

    private static void WriteValue(StringBuilder text, JsonNode? value, int depth)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 }:
                text.Append('\n');
                WriteNode(text, value, depth + 1, inList: false);
                break;
            case JsonArray { Count: > 0 }:
                text.Append('\n');
                WriteNode(text, value, depth, inList: false);
                break;
            default:
                text.Append(' ').Append(Leaf(value)).Append('\n');
                break;
        }
    }

    private static string Leaf(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ when node.GetValueKind() == JsonValueKind.String => Scalar(node.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    private static string Scalar(string text)
    {
        var isPlain = text.Length > 0
            && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '/' or ':' or '@' or '+' or '=' or ' ' or '(' or ')' or ',')
            && !char.IsWhiteSpace(text[0]) && !char.IsWhiteSpace(text[^1])
            && char.IsAsciiLetterOrDigit(text[0]) | text[0] is '/' or '_'
            && !text.Contains(": ", StringComparison.Ordinal) && !text.EndsWith(':')
            && ToJson(new YamlScalarNode(text)) is JsonValue value && value.GetValueKind() == JsonValueKind.String
            && text is not ("yes" or "no" or "on" or "off" or "y" or "n" or "Yes" or "No" or "On" or "Off" or "Y" or "N");
        return isPlain ? text : JsonValue.Create(text).ToJsonString();
    }
}
