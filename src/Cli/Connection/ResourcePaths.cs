using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;
using Slipway.Model.Resources;

namespace Slipway.Cli.Connection;

/// <summary>From what a user types (<c>ksvc</c>, <c>Job</c>, <c>revisions</c>) to the URL of the API.</summary>
internal static class ResourcePaths
{
    /// <summary>A bare <c>service</c> means the Knative one here: that is what this product is about.</summary>
    public static ResourceKind KindOf(string word)
    {
        var asked = word.ToLowerInvariant();
        return Kinds.All.OrderBy(kind => kind == Kinds.CoreService)
            .FirstOrDefault(kind => kind.Singular == asked || kind.Plural == asked || kind.ShortNames.Contains(asked) || kind.Qualified == asked)
            ?? throw new CliFailure(
                $"there is no kind \"{word}\"; known are {string.Join(", ", Kinds.All.Select(kind => kind.Singular).Distinct())}.", ExitCodes.Usage);
    }

    public static string Collection(ResourceKind kind, string? @namespace)
    {
        var root = kind.Group.Length == 0 ? $"/api/{kind.Version}" : $"/apis/{kind.Group}/{kind.Version}";
        return kind.Namespaced && @namespace is not null ? $"{root}/namespaces/{Uri.EscapeDataString(@namespace)}/{kind.Plural}" : $"{root}/{kind.Plural}";
    }

    public static string Item(ResourceKind kind, string @namespace, string name) =>
        $"{Collection(kind, @namespace)}/{Uri.EscapeDataString(name)}";

    /// <summary>Where a manifest belongs; its own namespace wins over the command line's.</summary>
    public static (ResourceKind Kind, string Namespace, string Name) Of(JsonObject manifest, string @namespace)
    {
        var apiVersion = (string?)manifest["apiVersion"] ?? throw new CliFailure("a manifest has no apiVersion.", ExitCodes.Usage);
        var kindName = (string?)manifest["kind"] ?? throw new CliFailure("a manifest has no kind.", ExitCodes.Usage);
        var kind = Kinds.Find(apiVersion, kindName)
            ?? throw new CliFailure($"Slipway does not serve kind {kindName} of {apiVersion}.", ExitCodes.Usage);
        var name = (string?)manifest["metadata"]?["name"] ?? throw new CliFailure($"a {kindName} has no metadata.name.", ExitCodes.Usage);
        return (kind, (string?)manifest["metadata"]?["namespace"] ?? @namespace, name);
    }
}
