using System.Text.RegularExpressions;

namespace Slipway.RetailPayments.Tests.Watching;

/// <summary>What services declare, under the names that Prometheus sees; what the kit declares in a service's name begins with an underscore.</summary>
internal static partial class Instruments
{
    public static HashSet<string> DeclaredIn(params string[] folders)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in folders.SelectMany(folder => Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)).Where(file => !file.Contains("/obj/", StringComparison.Ordinal)))
        {
            foreach (Match match in Declaration().Matches(File.ReadAllText(file)))
            {
                var name = match.Groups["name"].Value.Replace('.', '_');
                if (match.Groups["unit"].Value == "s" && !name.EndsWith("_seconds", StringComparison.Ordinal))
                {
                    name += "_seconds";
                }

                names.Add(match.Groups["kind"].Value.EndsWith("Counter", StringComparison.Ordinal) && !match.Groups["kind"].Value.Contains("UpDown", StringComparison.Ordinal) ? name + "_total" : name);
            }
        }

        return names;
    }

    [GeneratedRegex("""Create(?<kind>Counter|Histogram|Gauge|ObservableGauge|ObservableCounter|UpDownCounter)(?:<\w+>)?\(\s*(?:bounds\.Name \+ )?"(?<name>[a-z_.]+)"(?:[^;"]*?,\s*"(?<unit>[^"]{1,20})")?""", RegexOptions.CultureInvariant)]
    private static partial Regex Declaration();
}
