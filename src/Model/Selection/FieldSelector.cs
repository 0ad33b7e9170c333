using System.Text.Json;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Model.Selection;

/// <summary>One demand on one field.</summary>
public sealed record FieldRequirement(string Field, string Value, bool Equal);

/// <summary>Demands on fields that must all hold. Only the fields clients really select by are known; see <see cref="FieldsOf"/>.</summary>
public sealed class FieldSelector
{
    private const string InvolvedObject = "involvedObject.";

    private static readonly string[] s_everywhere = ["metadata.name", "metadata.namespace"];
    private static readonly string[] s_event =
    [
        .. s_everywhere, "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
        "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "type",
    ];

    private static readonly string[] s_pod = [.. s_everywhere, "status.phase", "spec.nodeName"];
    private static readonly string[] s_secret = [.. s_everywhere, "type"];

    private FieldSelector(IReadOnlyList<FieldRequirement> requirements) => Requirements = requirements;

    public static FieldSelector Everything { get; } = new([]);

    public IReadOnlyList<FieldRequirement> Requirements { get; }

    /// <summary>The one name that is asked for, when the selector says <c>metadata.name=x</c>.</summary>
    public string? Name => Requirements.FirstOrDefault(one => one is { Field: "metadata.name", Equal: true })?.Value;

    public static IReadOnlyList<string> FieldsOf(ResourceKind kind) =>
        kind == Kinds.Event ? s_event : kind == Kinds.Pod ? s_pod : kind == Kinds.Secret ? s_secret : s_everywhere;

    public static Outcome<FieldSelector> Parse(ResourceKind kind, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Everything;
        }

        var requirements = new List<FieldRequirement>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var sign = part.IndexOf('=');
            if (sign <= 0)
            {
                return Wrong(text, $"\"{part}\" is none of field=value, field==value, field!=value");
            }

            var equal = part[sign - 1] != '!';
            var field = part[..(equal ? sign : sign - 1)].Trim();
            var value = part[(sign + 1)..];
            value = (equal && value.StartsWith('=') ? value[1..] : value).Trim();
            if (!FieldsOf(kind).Contains(field))
            {
                return Wrong(text, $"field label not supported: {field}; {kind} can be selected by {string.Join(", ", FieldsOf(kind))}");
            }

            requirements.Add(new FieldRequirement(field, value, equal));
        }

        return new FieldSelector(requirements);
    }

    public bool Matches(Resource resource)
    {
        foreach (var requirement in Requirements)
        {
            if (string.Equals(ValueOf(resource, requirement.Field), requirement.Value, StringComparison.Ordinal) != requirement.Equal)
            {
                return false;
            }
        }

        return true;
    }

    public override string ToString() =>
        string.Join(',', Requirements.Select(one => $"{one.Field}{(one.Equal ? "=" : "!=")}{one.Value}"));

    private static string ValueOf(Resource resource, string field) => field switch
    {
        "metadata.name" => resource.Name,
        "metadata.namespace" => resource.Namespace,
        _ when field.StartsWith(InvolvedObject, StringComparison.Ordinal) =>
            Member(resource.RawField("involvedObject"), field[InvolvedObject.Length..]),
        "status.phase" => Member(resource.RawField("status"), "phase"),
        "spec.nodeName" => Member(resource.RawField("spec"), "nodeName"),
        _ => Text(resource.RawField(field)),
    };

    private static string Member(ReadOnlyMemory<byte> json, string name)
    {
        if (json.IsEmpty)
        {
            return "";
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(name, out var member)
            && member.ValueKind == JsonValueKind.String
                ? member.GetString()!
                : "";
    }

    private static string Text(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        return !json.IsEmpty && reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
    }

    private static Failure Wrong(string text, string why) =>
        new(FailureKind.Malformed, "field-selector-invalid", $"unable to parse field selector \"{text}\": {why}");
}
