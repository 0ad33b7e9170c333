using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Slipway.Telemetry.Alerts.Templates;

/// <summary>The functions of templates: those of Go's language and those Prometheus and Alertmanager add.</summary>
internal static class TemplateFunctions
{
    private static readonly FrozenDictionary<string, (int Least, int Most, Func<IReadOnlyList<object?>, object?> Call)> s_functions =
        new Dictionary<string, (int, int, Func<IReadOnlyList<object?>, object?>)>
        {
            ["printf"] = (1, 32, given => Printf.Format(Text(given[0]), given.Skip(1).ToList())),
            ["print"] = (0, 32, given => string.Concat(given.Select(Text))),
            ["println"] = (0, 32, given => string.Join(' ', given.Select(Text)) + "\n"),
            ["len"] = (1, 1, given => (object)Length(given[0])),
            ["index"] = (2, 8, Index),
            ["eq"] = (2, 16, given => given.Skip(1).Any(other => Same(given[0], other))),
            ["ne"] = (2, 2, given => !Same(given[0], given[1])),
            ["lt"] = (2, 2, given => Compare(given) < 0),
            ["le"] = (2, 2, given => Compare(given) <= 0),
            ["gt"] = (2, 2, given => Compare(given) > 0),
            ["ge"] = (2, 2, given => Compare(given) >= 0),
            ["and"] = (1, 16, given => given.FirstOrDefault(value => !IsTrue(value), given[^1])),
            ["or"] = (1, 16, given => given.FirstOrDefault(IsTrue, given[^1])),
            ["not"] = (1, 1, given => !IsTrue(given[0])),
            ["humanize"] = (1, 1, given => Humanized.Number(Number(given[0]))),
            ["humanize1024"] = (1, 1, given => Humanized.Binary(Number(given[0]))),
            ["humanizeDuration"] = (1, 1, given => Humanized.Duration(Number(given[0]))),
            ["humanizePercentage"] = (1, 1, given => Humanized.Percentage(Number(given[0]))),
            ["humanizeTimestamp"] = (1, 1, given => Humanized.Timestamp(Number(given[0]))),
            ["toUpper"] = (1, 1, given => Text(given[0]).ToUpperInvariant()),
            ["toLower"] = (1, 1, given => Text(given[0]).ToLowerInvariant()),
            ["title"] = (1, 1, given => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(Text(given[0]))),
            ["trimSpace"] = (1, 1, given => Text(given[0]).Trim()),
            ["join"] = (2, 2, given => string.Join(Text(given[0]), Items(given[1]).Select(Text))),
            ["match"] = (2, 2, given => Pattern(given[0]).IsMatch(Text(given[1]))),
            ["reReplaceAll"] = (3, 3, given => Pattern(given[0]).Replace(Text(given[2]), Text(given[1]))),
            ["stripPort"] = (1, 1, given => StripPort(Text(given[0]))),
            ["stripDomain"] = (1, 1, given => StripDomain(Text(given[0]))),
            ["safeHtml"] = (1, 1, given => Text(given[0])),
            ["html"] = (1, 1, given => WebUtility.HtmlEncode(Text(given[0]))),
            ["urlquery"] = (1, 1, given => Uri.EscapeDataString(Text(given[0]))),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool Exists(string name) => s_functions.ContainsKey(name);

    public static object? Call(string name, IReadOnlyList<object?> arguments)
    {
        var (least, most, call) = s_functions[name];
        return arguments.Count >= least && arguments.Count <= most
            ? call(arguments)
            : throw new TemplateException($"{name} takes {(least == most ? $"{least}" : $"{least} or more")} arguments and got {arguments.Count}");
    }

    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        double number => number != 0,
        string text => text.Length > 0,
        IReadOnlyDictionary<string, object?> map => map.Count > 0,
        IReadOnlyList<object?> list => list.Count > 0,
        _ => true,
    };

    public static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        double number => GoNumbers.Shortest(number),
        IReadOnlyDictionary<string, object?> map => $"map[{string.Join(' ', map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}:{Text(entry.Value)}"))}]",
        IReadOnlyList<object?> list => $"[{string.Join(' ', list.Select(Text))}]",
        _ => value.ToString() ?? "",
    };

    public static double Number(object? value) => value switch
    {
        double number => number,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw new TemplateException($"\"{Text(value)}\" is no number"),
    };

    private static IReadOnlyList<object?> Items(object? value) => value switch
    {
        IReadOnlyList<object?> list => list,
        null => [],
        _ => [value],
    };

    private static double Length(object? value) => value switch
    {
        null => 0,
        string text => text.Length,
        IReadOnlyDictionary<string, object?> map => map.Count,
        IReadOnlyList<object?> list => list.Count,
        _ => throw new TemplateException($"\"{Text(value)}\" has no length"),
    };

    private static object? Index(IReadOnlyList<object?> given)
    {
        var value = given[0];
        foreach (var key in given.Skip(1))
        {
            value = value switch
            {
                IReadOnlyDictionary<string, object?> map => map.TryGetValue(Text(key), out var found) ? found : "",
                IReadOnlyList<object?> list when Number(key) is var place && place >= 0 && place < list.Count => list[(int)place],
                _ => throw new TemplateException($"index found nothing at \"{Text(key)}\""),
            };
        }

        return value;
    }

    private static bool Same(object? left, object? right) =>
        left is double number && right is double other ? number == other : Text(left) == Text(right);

    private static double Compare(IReadOnlyList<object?> given) =>
        given[0] is double || given[1] is double
            ? Number(given[0]).CompareTo(Number(given[1]))
            : string.CompareOrdinal(Text(given[0]), Text(given[1]));

    private static Regex Pattern(object? text)
    {
        try
        {
            return new Regex(Text(text), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            throw new TemplateException($"\"{Text(text)}\" is no regular expression: {refused.Message}");
        }
    }

    private static string StripPort(string address)
    {
        var colon = address.LastIndexOf(':');
        return colon > 0 && (address[0] == '[' ? address[colon - 1] == ']' : address.IndexOf(':', StringComparison.Ordinal) == colon)
            ? address[..colon].Trim('[', ']')
            : address;
    }

    private static string StripDomain(string address)
    {
        var host = StripPort(address);
        if (IPAddress.TryParse(host, out _))
        {
            return address;
        }

        var port = address[host.Length..];
        return host.Split('.')[0] + port;
    }
}
