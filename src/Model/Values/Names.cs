using System.Text.RegularExpressions;

namespace Slipway.Model.Values;

/// <summary>
/// The classes of names in the Kubernetes API and the phrases that describe them. Clients compare the phrases literally,
/// so they are part of the wire format.
/// </summary>
public static partial class Names
{
    public const int LabelLengthMax = 63;
    public const int SubdomainLengthMax = 253;

    public const string Dns1123LabelPhrase =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    public const string Dns1123SubdomainPhrase =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    public const string Dns1035LabelPhrase =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    public const string LabelValuePhrase =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    public const string NamePartPhrase =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    public const string QualifiedNamePhrase =
        "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";

    public const string EnvironmentNamePhrase =
        "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";

    public const string ConfigKeyPhrase =
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

    public static bool IsDns1123Label(string name) => name.Length <= LabelLengthMax && Dns1123Label().IsMatch(name);

    public static bool IsDns1123Subdomain(string name) => name.Length <= SubdomainLengthMax && Dns1123Subdomain().IsMatch(name);

    public static bool IsDns1035Label(string name) => name.Length <= LabelLengthMax && Dns1035Label().IsMatch(name);

    public static bool IsLabelValue(string value) => value.Length <= LabelLengthMax && LabelValue().IsMatch(value);

    public static bool IsQualifiedName(string key) => QualifiedNameProblems(key).Count == 0;

    public static bool IsEnvironmentName(string name) => EnvironmentName().IsMatch(name);

    public static bool IsConfigKey(string key) => ConfigKeyProblems(key).Count == 0;

    public static IReadOnlyList<string> Dns1123LabelProblems(string name) =>
        Problems(name, LabelLengthMax, Dns1123Label(), Dns1123LabelPhrase);

    public static IReadOnlyList<string> Dns1123SubdomainProblems(string name) =>
        Problems(name, SubdomainLengthMax, Dns1123Subdomain(), Dns1123SubdomainPhrase);

    public static IReadOnlyList<string> Dns1035LabelProblems(string name) =>
        Problems(name, LabelLengthMax, Dns1035Label(), Dns1035LabelPhrase);

    public static IReadOnlyList<string> LabelValueProblems(string value) =>
        Problems(value, LabelLengthMax, LabelValue(), LabelValuePhrase);

    public static IReadOnlyList<string> EnvironmentNameProblems(string name) =>
        Problems(name, int.MaxValue, EnvironmentName(), EnvironmentNamePhrase);

    public static IReadOnlyList<string> ConfigKeyProblems(string key)
    {
        var problems = Problems(key, SubdomainLengthMax, ConfigKey(), ConfigKeyPhrase);
        return key switch
        {
            "." => ["must not be '.'"],
            ".." => ["must not be '..'"],
            _ when key.StartsWith("..", StringComparison.Ordinal) => [.. problems, "must not start with '..'"],
            _ => problems,
        };
    }

    /// <summary>What is wrong with a label or annotation key: <c>[prefix/]name</c>.</summary>
    public static IReadOnlyList<string> QualifiedNameProblems(string key)
    {
        var parts = key.Split('/');
        if (parts.Length > 2)
        {
            return [QualifiedNamePhrase];
        }

        var problems = new List<string>();
        if (parts.Length == 2)
        {
            if (parts[0].Length == 0)
            {
                problems.Add("prefix part must be non-empty");
            }
            else
            {
                problems.AddRange(Dns1123SubdomainProblems(parts[0]).Select(problem => $"prefix part {problem}"));
            }
        }

        var name = parts[^1];
        if (name.Length == 0)
        {
            problems.Add("name part must be non-empty");
        }
        else if (name.Length > LabelLengthMax)
        {
            problems.Add($"name part {LengthPhrase(LabelLengthMax)}");
        }

        if (!NamePart().IsMatch(name))
        {
            problems.Add(NamePartPhrase);
        }

        return problems;
    }

    public static string LengthPhrase(int limit) => $"must be no more than {limit} characters";

    private static List<string> Problems(string text, int limit, Regex shape, string phrase)
    {
        var problems = new List<string>();
        if (text.Length > limit)
        {
            problems.Add(LengthPhrase(limit));
        }

        if (!shape.IsMatch(text))
        {
            problems.Add(phrase);
        }

        return problems;
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Dns1123Label();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Dns1123Subdomain();

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Dns1035Label();

    [GeneratedRegex(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelValue();

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePart();

    [GeneratedRegex(@"^[-._a-zA-Z][-._a-zA-Z0-9]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex EnvironmentName();

    [GeneratedRegex(@"^[-._a-zA-Z0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex ConfigKey();
}
