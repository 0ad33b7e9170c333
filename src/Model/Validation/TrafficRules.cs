using System.Text.Json.Nodes;
using Slipway.Model.Decoding;
using Slipway.Model.Trees;
using Slipway.Model.Values;

namespace Slipway.Model.Validation;

/// <summary>The shares of the traffic of a Service or a Route.</summary>
internal static class TrafficRules
{
    private const string Path = "spec.traffic";

    public static void Check(JsonObject manifest, bool isService, FindingList findings)
    {
        var spec = manifest.Object("spec");
        if (spec.List("traffic") is not { Count: > 0 })
        {
            findings.Missing(Path);
            return;
        }

        var name = manifest.Object("metadata").Text("name") ?? "";
        var tags = new HashSet<string>(StringComparer.Ordinal);
        var sum = 0L;
        foreach (var (target, index) in spec.Objects("traffic"))
        {
            var path = FieldPath.Index(Path, index);
            Destination(target, path, isService, findings);
            if (target.Has("url"))
            {
                findings.Forbidden(FieldPath.Member(path, "url"));
            }

            var percent = target.Whole("percent") ?? 0;
            findings.Range(percent, 0, 100, FieldPath.Member(path, "percent"));
            sum += Math.Clamp(percent, -1000, 1000);
            Tag(target, path, name, tags, findings);
        }

        if (sum != 100)
        {
            findings.Conflict($"traffic percentages add up to {sum}, expected 100", "", Path);
        }
    }

    private static void Destination(JsonObject target, string path, bool isService, FindingList findings)
    {
        var revision = target.Text("revisionName") ?? "";
        var configuration = target.Text("configurationName") ?? "";
        if (isService)
        {
            if (configuration.Length > 0)
            {
                findings.Forbidden(FieldPath.Member(path, "configurationName"));
            }
        }
        else if (revision.Length > 0 && configuration.Length > 0)
        {
            findings.SeveralOf(path, "configurationName", "revisionName");
        }
        else if (revision.Length == 0 && configuration.Length == 0)
        {
            findings.NoneOf(path, "configurationName", "revisionName");
            return;
        }

        foreach (var problem in revision.Length > 0 ? Names.Dns1123SubdomainProblems(revision) : [])
        {
            findings.Invalid(revision, FieldPath.Member(path, "revisionName"), problem);
        }

        foreach (var problem in !isService && configuration.Length > 0 ? Names.Dns1123SubdomainProblems(configuration) : [])
        {
            findings.Invalid(configuration, FieldPath.Member(path, "configurationName"), problem);
        }

        switch (target.Flag("latestRevision"))
        {
            case true when revision.Length > 0:
                findings.Invalid("true", FieldPath.Member(path, "latestRevision"), "an entry with a revisionName does not follow the latest revision");
                break;
            case false when revision.Length == 0 && isService:
                findings.Missing(FieldPath.Member(path, "revisionName"));
                break;
            case false when revision.Length == 0:
                findings.Invalid("false", FieldPath.Member(path, "latestRevision"), "an entry with a configurationName follows the latest revision");
                break;
            default:
                break;
        }
    }

    private static void Tag(JsonObject target, string path, string name, HashSet<string> tags, FindingList findings)
    {
        if (target.Text("tag") is not { Length: > 0 } tag)
        {
            return;
        }

        var tagPath = FieldPath.Member(path, "tag");
        var problems = Names.Dns1035LabelProblems(tag);
        foreach (var problem in problems)
        {
            findings.Invalid(tag, tagPath, problem);
        }

        if (!tags.Add(tag))
        {
            findings.Duplicate(tag, tagPath, "tag");
        }

        // Tag and name share one label of the host name.
        if (problems.Count == 0 && tag.Length + 1 + name.Length > Names.LabelLengthMax)
        {
            findings.Invalid(tag, tagPath, $"the host label \"{tag}-{name}\" {Names.LengthPhrase(Names.LabelLengthMax)}; choose a shorter tag");
        }
    }
}
