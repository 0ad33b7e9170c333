using System.Collections.Frozen;
using System.Text;

namespace Slipway.Telemetry.Alerts.Templates;

/// <summary>
/// A text with places that are filled in. Values are texts, numbers, truth values, maps, lists or nothing; a field that is not there
/// is empty.
/// </summary>
internal sealed class Template
{
    private const int OutputMax = 64 * 1024;

    private readonly IReadOnlyList<TemplateNode> _nodes;

    private Template(IReadOnlyList<TemplateNode> nodes) => _nodes = nodes;

    /// <exception cref="TemplateException">It cannot be read.</exception>
    public static Template Parse(string text) => new(TemplateParser.Parse(text));

    /// <exception cref="TemplateException">A function does not take what it was given.</exception>
    public string Fill(IReadOnlyDictionary<string, object?> data, IReadOnlyDictionary<string, object?>? variables = null)
    {
        var scope = new Dictionary<string, object?>(variables ?? FrozenDictionary<string, object?>.Empty, StringComparer.Ordinal) { [""] = data };
        var output = new StringBuilder();
        Write(_nodes, data, scope, output);
        return output.ToString();
    }

    private static void Write(IReadOnlyList<TemplateNode> nodes, object? dot, Dictionary<string, object?> scope, StringBuilder output)
    {
        foreach (var node in nodes)
        {
            if (output.Length > OutputMax)
            {
                throw new TemplateException($"the text is longer than {OutputMax} characters");
            }

            switch (node)
            {
                case TemplateNode.Text text:
                    output.Append(text.Content);
                    break;
                case TemplateNode.Output { Variable: { } variable } assignment:
                    scope[variable] = Value(assignment.Pipeline, dot, scope);
                    break;
                case TemplateNode.Output written:
                    output.Append(TemplateFunctions.Text(Value(written.Pipeline, dot, scope)));
                    break;
                case TemplateNode.If condition:
                    Write(TemplateFunctions.IsTrue(Value(condition.Condition, dot, scope)) ? condition.Then : condition.Else, dot, Inner(scope), output);
                    break;
                case TemplateNode.With with:
                    Write(with, dot, scope, output);
                    break;
                case TemplateNode.Range range:
                    Write(range, dot, scope, output);
                    break;
            }
        }
    }

    private static void Write(TemplateNode.With with, object? dot, Dictionary<string, object?> scope, StringBuilder output)
    {
        var subject = Value(with.Subject, dot, scope);
        var inner = Inner(scope);
        if (with.Variable is { } name)
        {
            inner[name] = subject;
        }

        var found = TemplateFunctions.IsTrue(subject);
        Write(found ? with.Then : with.Else, found ? subject : dot, inner, output);
    }

    private static void Write(TemplateNode.Range range, object? dot, Dictionary<string, object?> scope, StringBuilder output)
    {
        var items = Value(range.Items, dot, scope) switch
        {
            IReadOnlyList<object?> list => list.Select((item, index) => ((object?)(double)index, item)).ToList(),
            IReadOnlyDictionary<string, object?> map => [.. map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => ((object?)entry.Key, entry.Value))],
            null => [],
            var other => throw new TemplateException($"range needs a list or a map and got {TemplateFunctions.Text(other)}"),
        };
        foreach (var (key, item) in items)
        {
            var inner = Inner(scope);
            if (range.Key is { } keyName)
            {
                inner[keyName] = key;
            }

            if (range.Value is { } valueName)
            {
                inner[valueName] = item;
            }

            Write(range.Body, item, inner, output);
        }

        if (items.Count == 0)
        {
            Write(range.Else, dot, Inner(scope), output);
        }
    }

    private static Dictionary<string, object?> Inner(Dictionary<string, object?> scope) => new(scope, StringComparer.Ordinal);

    private static object? Value(Pipeline pipeline, object? dot, Dictionary<string, object?> scope)
    {
        object? value = null;
        for (var index = 0; index < pipeline.Commands.Count; index++)
        {
            var command = pipeline.Commands[index];
            if (command[0] is Operand.Function function)
            {
                var arguments = command.Skip(1).Select(operand => Value(operand, dot, scope)).ToList();
                if (index > 0)
                {
                    arguments.Add(value);
                }

                value = TemplateFunctions.Call(function.Name, arguments);
            }
            else
            {
                value = Value(command[0], dot, scope);
            }
        }

        return value;
    }

    private static object? Value(Operand operand, object? dot, Dictionary<string, object?> scope) => operand switch
    {
        Operand.Literal literal => literal.Value,
        Operand.Path { Variable: null } path => Field(dot, path.Names),
        Operand.Path path => scope.TryGetValue(path.Variable, out var value)
            ? Field(value, path.Names)
            : throw new TemplateException($"there is no variable ${path.Variable}"),
        Operand.Nested nested => Field(Value(nested.Pipeline, dot, scope), nested.Names),
        Operand.Function function => TemplateFunctions.Call(function.Name, []),
        _ => null,
    };

    private static object? Field(object? value, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            value = value switch
            {
                IReadOnlyDictionary<string, object?> map => map.TryGetValue(name, out var found) ? found : name == "SortedPairs" ? Pairs(map) : "",
                IReadOnlyList<object?> list when name is "Firing" or "Resolved" => OfStatus(list, name),
                null => null,
                _ => throw new TemplateException($"\"{TemplateFunctions.Text(value)}\" has no field .{name}"),
            };
        }

        return value;
    }

    private static List<object?> Pairs(IReadOnlyDictionary<string, object?> map) =>
    [
        .. map.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => (object?)new Dictionary<string, object?>(StringComparer.Ordinal) { ["Name"] = entry.Key, ["Value"] = entry.Value }),
    ];

    /// <summary>The part of a list of alerts that fires or is over, as Alertmanager's templates ask for it.</summary>
    private static List<object?> OfStatus(IReadOnlyList<object?> alerts, string status) =>
    [
        .. alerts.Where(alert => alert is IReadOnlyDictionary<string, object?> map
            && map.TryGetValue("Status", out var found) && string.Equals(found as string, status, StringComparison.OrdinalIgnoreCase)),
    ];
}
