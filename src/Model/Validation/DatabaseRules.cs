using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Model.Decoding;
using Slipway.Model.Trees;
using Slipway.Model.Values;

namespace Slipway.Model.Validation;

/// <summary>Database.</summary>
internal static partial class DatabaseRules
{
    private static readonly string[] s_reserved = ["postgres", "template0", "template1", "slipway"];

    public static void Check(JsonObject next, JsonObject? current, FindingList findings)
    {
        var spec = next.Object("spec");
        findings.Range(spec.Whole("connectionLimit"), 1, 1000, "spec.connectionLimit");
        if (spec.Text("databaseName") is { Length: > 0 } name)
        {
            if (!Identifier().IsMatch(name))
            {
                findings.Invalid(name, "spec.databaseName", "must be 1 to 63 lower case letters, digits or '_'");
            }
            else if (s_reserved.Contains(name) || name.StartsWith("pg_", StringComparison.Ordinal))
            {
                findings.Reserved(name, "spec.databaseName", "database name");
            }

            if (current.Object("spec").Text("databaseName") is { } stored && stored != name)
            {
                findings.Immutable("spec.databaseName", $"the data is in \"{stored}\"");
            }
        }

        var services = spec.List("services");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < (services?.Count ?? 0); index++)
        {
            var path = FieldPath.Index("spec.services", index);
            if (services![index].AsText() is not { } service)
            {
                continue;
            }

            foreach (var problem in Names.Dns1123SubdomainProblems(service))
            {
                findings.Invalid(service, path, problem);
            }

            if (!seen.Add(service))
            {
                findings.Duplicate(service, path, "service");
            }
        }
    }

    // Generated names begin with the namespace, which may begin with a digit; identifiers are always quoted.
    [GeneratedRegex(@"^[a-z0-9_][a-z0-9_]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();
}
