using System.Text;

namespace Slipway.Telemetry.Logs.Pipeline;

/// <summary>A text with places: <c>{{.label}}</c>, <c>{{__line__}}</c>, and behind a bar one of a few functions.</summary>
internal sealed class LineTemplate
{
    private static readonly Dictionary<string, Func<string, string>> s_functions = new(StringComparer.Ordinal)
    {
        ["ToUpper"] = text => text.ToUpperInvariant(), ["upper"] = text => text.ToUpperInvariant(),
        ["ToLower"] = text => text.ToLowerInvariant(), ["lower"] = text => text.ToLowerInvariant(),
        ["TrimSpace"] = text => text.Trim(), ["trim"] = text => text.Trim(),
    };

    private readonly List<(string Plain, string? Label, Func<string, string>? Change)> _parts = [];

    public IEnumerable<string> Reads => _parts.Where(part => part.Label is not null).Select(part => part.Label!);

    /// <returns>What is wrong with it, or null.</returns>
    public static string? Parse(string text, out LineTemplate template)
    {
        template = new LineTemplate();
        var position = 0;
        while (text.IndexOf("{{", position, StringComparison.Ordinal) is var start and >= 0)
        {
            var end = text.IndexOf("}}", start, StringComparison.Ordinal);
            if (end < 0)
            {
                return "the template has '{{' without '}}'";
            }

            var words = text[(start + 2)..end].Trim(' ', '-').Split('|', StringSplitOptions.TrimEntries);
            var label = words[0] == "__line__" ? words[0] : words[0].StartsWith('.') && words[0].Length > 1 ? words[0][1..] : null;
            if (label is null)
            {
                return $"the template has '{{{{{words[0]}}}}}'; known are labels such as {{{{.status}}}}, {{{{__line__}}}}, and behind a bar {string.Join(", ", s_functions.Keys)}";
            }

            Func<string, string>? change = null;
            foreach (var word in words.Skip(1))
            {
                if (!s_functions.TryGetValue(word, out var function))
                {
                    return $"the template has the function '{word}'; known are {string.Join(", ", s_functions.Keys)}";
                }

                var before = change;
                change = before is null ? function : value => function(before(value));
            }

            template._parts.Add((text[position..start], label, change));
            position = end + 2;
        }

        template._parts.Add((text[position..], null, null));
        return null;
    }

    public string Fill(LineLabels labels, ReadOnlySpan<byte> line)
    {
        var text = new StringBuilder();
        foreach (var (plain, label, change) in _parts)
        {
            text.Append(plain);
            if (label is not null)
            {
                var value = label == "__line__" ? Encoding.UTF8.GetString(line) : labels.Get(label);
                text.Append(change is null ? value : change(value));
            }
        }

        return text.ToString();
    }
}

/// <summary><c>| line_format "{{.method}} {{.path}}"</c>.</summary>
internal sealed class LineFormatStage(LineTemplate template) : LineStage
{
    public override bool ChangesText => true;

    public override IEnumerable<string>? Reads => template.Reads;

    public override bool Pass(ref PassingLine line)
    {
        line.Text = Encoding.UTF8.GetBytes(template.Fill(line.Labels, line.Text));
        return true;
    }
}

/// <summary><c>| label_format new=old, text="{{.a}}"</c>.</summary>
/// <param name="labels">The new label, and either the label it was or the template of its value.</param>
internal sealed class LabelFormatStage(IReadOnlyList<(string Name, string? Old, LineTemplate? Template)> labels) : LineStage
{
    public override IEnumerable<string>? Reads => labels.SelectMany(label => label.Template?.Reads ?? [label.Old!]);

    public override bool Pass(ref PassingLine line)
    {
        foreach (var (name, old, template) in labels)
        {
            if (template is not null)
            {
                line.Labels.Set(name, template.Fill(line.Labels, line.Text));
            }
            else if (line.Labels.Get(old!) is { Length: > 0 } value)
            {
                line.Labels.Drop(old!);
                line.Labels.Set(name, value);
            }
        }

        return true;
    }
}
