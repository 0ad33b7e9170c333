using System.Text.RegularExpressions;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Language;

namespace Slipway.Telemetry.Logs.Pipeline;

/// <summary><c>| status >= 500 and method="GET"</c>.</summary>
internal sealed class LabelFilter(LabelCondition condition) : LineStage
{
    public override IEnumerable<string>? Reads => condition.Reads;

    public override bool Pass(ref PassingLine line) => condition.Holds(line.Labels);
}

internal abstract class LabelCondition
{
    public abstract IEnumerable<string> Reads { get; }

    public abstract bool Holds(LineLabels labels);
}

internal sealed class BothConditions(LabelCondition left, LabelCondition right) : LabelCondition
{
    public override IEnumerable<string> Reads => left.Reads.Concat(right.Reads);

    public override bool Holds(LineLabels labels) => left.Holds(labels) && right.Holds(labels);
}

internal sealed class EitherCondition(LabelCondition left, LabelCondition right) : LabelCondition
{
    public override IEnumerable<string> Reads => left.Reads.Concat(right.Reads);

    public override bool Holds(LineLabels labels) => left.Holds(labels) || right.Holds(labels);
}

internal sealed class TextCondition(LabelMatcher matcher) : LabelCondition
{
    public override IEnumerable<string> Reads => [matcher.Name];

    public override bool Holds(LineLabels labels) => matcher.Accepts(labels.Get(matcher.Name));
}

/// <summary>Compares a label as a number, a duration or a byte count. A line without the label does not go on; one where it is something else is an error.</summary>
internal sealed class NumberCondition(string name, string comparison, double value, TokenKind kind) : LabelCondition
{
    private const string Failed = "LabelFilterErr";

    public override IEnumerable<string> Reads => [name];

    public override bool Holds(LineLabels labels)
    {
        // What is an error already stays in sight, so that it can be seen why it is missing elsewhere.
        if (labels.Error is not null)
        {
            return true;
        }

        var text = labels.Get(name);
        if (text.Length == 0)
        {
            return false;
        }

        double number;
        var understood = kind switch
        {
            TokenKind.Duration => Units.TryDuration(text, out number),
            TokenKind.Bytes => Units.TryBytes(text, out number),
            _ => Units.TryNumber(text, out number),
        };
        if (!understood)
        {
            labels.Fail(Failed, $"{name} is '{(text.Length > 64 ? text[..64] : text)}', which cannot be compared");
            return true;
        }

        return comparison switch
        {
            ">" => number > value,
            ">=" => number >= value,
            "<" => number < value,
            "<=" => number <= value,
            "!=" => number != value,
            _ => number == value,
        };
    }
}

/// <summary><c>| drop a, b="x"</c> and <c>| keep a, b="x"</c>.</summary>
internal sealed class DropStage(IReadOnlyList<(string Name, LabelMatcher? Matcher)> labels, bool keep) : LineStage
{
    public override IEnumerable<string>? Reads => labels.Select(label => label.Name);

    public override bool Pass(ref PassingLine line)
    {
        var lineLabels = line.Labels;
        foreach (var (name, _) in lineLabels.All().ToArray())
        {
            var named = labels.Any(label => label.Name == name && (label.Matcher is null || label.Matcher.Accepts(lineLabels.Get(name))));
            var error = name is LineLabels.ErrorName or LineLabels.ErrorDetailsName;
            if (keep ? !named && !error : named)
            {
                lineLabels.Drop(name);
            }
        }

        return true;
    }
}

/// <summary><c>| decolorize</c>: without the codes by which terminals get their colours.</summary>
internal sealed partial class DecolorizeStage : LineStage
{
    public override bool ChangesText => true;

    public override bool Pass(ref PassingLine line)
    {
        if (line.Text.IndexOf((byte)0x1b) >= 0)
        {
            line.Text = System.Text.Encoding.UTF8.GetBytes(Colour().Replace(System.Text.Encoding.UTF8.GetString(line.Text), ""));
        }

        return true;
    }

    [GeneratedRegex("\u001b\\[[0-9;]*[A-Za-z]", RegexOptions.CultureInvariant)]
    private static partial Regex Colour();
}
