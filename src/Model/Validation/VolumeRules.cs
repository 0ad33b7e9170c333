using System.Text.Json.Nodes;
using Slipway.Model.Decoding;
using Slipway.Model.Trees;
using Slipway.Model.Values;

namespace Slipway.Model.Validation;

/// <summary>The volumes of a template.</summary>
internal sealed class VolumeRules(string path, FindingList findings)
{
    private const int ModeMax = 511; // 0777: the mode bits of a file without its special ones.

    private static readonly string[] s_sources = ["configMap", "emptyDir", "projected", "secret"];
    private static readonly string[] s_projections = ["configMap", "secret", "serviceAccountToken"];

    /// <summary>Checks the volumes and returns their names.</summary>
    public IReadOnlySet<string> Check(JsonObject spec)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (volume, index) in spec.Objects("volumes"))
        {
            var here = FieldPath.Index(path, index);
            if (volume.Text("name") is { Length: > 0 } name)
            {
                foreach (var problem in Names.Dns1123LabelProblems(name))
                {
                    findings.Invalid(name, FieldPath.Member(here, "name"), problem);
                }

                if (!names.Add(name))
                {
                    findings.Duplicate(name, FieldPath.Member(here, "name"), "volume name");
                }
            }

            OneSource(volume, s_sources, here, except: "name");
            Files(volume, "secret", "secretName", here);
            Files(volume, "configMap", "name", here);
            Projected(volume.Object("projected"), FieldPath.Member(here, "projected"));
            if (volume.Object("emptyDir") is { } scratch
                && scratch.Has("sizeLimit")
                && (!Quantity.TryParse(scratch["sizeLimit"].Shown(), out var limit) || limit.Value < 0))
            {
                findings.Invalid(scratch["sizeLimit"].Shown(), FieldPath.Member(here, "emptyDir.sizeLimit"), "must be a quantity of at least 0 such as 64Mi");
            }
        }

        return names;
    }

    /// <summary>True for a relative path that cannot leave its directory.</summary>
    internal static bool StaysInside(string relative) =>
        relative.Length > 0 && relative[0] != '/' && !relative.Split('/').Contains("..");

    private void Projected(JsonObject? projected, string here)
    {
        if (projected is null)
        {
            return;
        }

        Mode(projected, "defaultMode", here);
        if (projected.List("sources") is not { Count: > 0 })
        {
            findings.Missing(FieldPath.Member(here, "sources"));
        }

        foreach (var (source, index) in projected.Objects("sources"))
        {
            var sourcePath = FieldPath.Index(FieldPath.Member(here, "sources"), index);
            OneSource(source, s_projections, sourcePath, except: null);
            Files(source, "secret", "name", sourcePath);
            Files(source, "configMap", "name", sourcePath);
            if (source.Object("serviceAccountToken") is { } token)
            {
                var tokenPath = FieldPath.Member(sourcePath, "serviceAccountToken");
                findings.Range(token.Whole("expirationSeconds"), 600, 1L << 32, FieldPath.Member(tokenPath, "expirationSeconds"));
                RelativePath(token.Text("path"), FieldPath.Member(tokenPath, "path"));
            }
        }
    }

    private void OneSource(JsonObject holder, string[] sources, string here, string? except)
    {
        var given = sources.Where(source => holder.Has(source)).ToArray();
        if (given.Length > 1)
        {
            findings.SeveralOf(here, given);
        }
        else if (given.Length == 0 && holder.All(entry => entry.Key == except))
        {
            findings.NoneOf(here, sources);
        }
    }

    private void Files(JsonObject holder, string source, string nameField, string parent)
    {
        if (holder.Object(source) is not { } files)
        {
            return;
        }

        var here = FieldPath.Member(parent, source);
        if (string.IsNullOrEmpty(files.Text(nameField)))
        {
            findings.Missing(FieldPath.Member(here, nameField));
        }

        Mode(files, "defaultMode", here);
        foreach (var (item, index) in files.Objects("items"))
        {
            var itemPath = FieldPath.Index(FieldPath.Member(here, "items"), index);
            Mode(item, "mode", itemPath);
            RelativePath(item.Text("path"), FieldPath.Member(itemPath, "path"));
        }
    }

    private void RelativePath(string? relative, string here)
    {
        if (relative is { Length: > 0 } && !StaysInside(relative))
        {
            findings.Invalid(relative, here, "must be a relative path without '..'");
        }
    }

    private void Mode(JsonObject holder, string field, string here) =>
        findings.Range(holder.Whole(field), 0, ModeMax, FieldPath.Member(here, field));
}
