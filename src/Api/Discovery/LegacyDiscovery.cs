using System.Text.Json.Nodes;
using Slipway.Api.Requests;
using Slipway.Model.Resources;

namespace Slipway.Api.Discovery;

/// <summary>The discovery documents every client understands: one list per group and version.</summary>
internal static class LegacyDiscovery
{
    public static JsonObject CoreVersions(string host) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = host }),
    };

    public static JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. ServedGroups.Named.Select(GroupDocument)]),
    };

    public static JsonObject? Group(string name)
    {
        if (ServedGroups.Named.FirstOrDefault(known => known.Name == name) is not { } group)
        {
            return null;
        }

        var document = GroupDocument(group);
        document["kind"] = "APIGroup";
        document["apiVersion"] = "v1";
        return document;
    }

    public static JsonObject? Resources(string group, string version)
    {
        var kinds = Kinds.All.Where(kind => kind.Group == group && kind.Version == version).ToList();
        return kinds.Count == 0
            ? null
            : new JsonObject
            {
                ["kind"] = "APIResourceList",
                ["apiVersion"] = "v1",
                ["groupVersion"] = kinds[0].ApiVersion,
                ["resources"] = new JsonArray([.. kinds.SelectMany(ResourceDocuments)]),
            };
    }

    private static JsonObject GroupDocument(ServedGroup group)
    {
        var versions = group.Versions
            .Select(version => new JsonObject { ["groupVersion"] = $"{group.Name}/{version}", ["version"] = version })
            .ToList();
        return new JsonObject
        {
            ["name"] = group.Name,
            ["versions"] = new JsonArray([.. versions]),
            ["preferredVersion"] = versions[0].DeepClone(),
        };
    }

    private static IEnumerable<JsonObject> ResourceDocuments(ResourceKind kind)
    {
        var main = new JsonObject
        {
            ["name"] = kind.Plural,
            ["singularName"] = kind.Singular,
            ["namespaced"] = kind.Namespaced,
            ["kind"] = kind.Kind,
            ["verbs"] = Texts(ServedVerbs.Of(kind).Select(verb => verb.Text())),
        };
        if (kind.ShortNames.Count > 0)
        {
            main["shortNames"] = Texts(kind.ShortNames);
        }

        if (kind.Categories.Count > 0)
        {
            main["categories"] = Texts(kind.Categories);
        }

        yield return main;
        foreach (var subresource in ServedSubresources.Of(kind))
        {
            var document = new JsonObject
            {
                ["name"] = $"{kind.Plural}/{subresource.Name}",
                ["singularName"] = "",
                ["namespaced"] = kind.Namespaced,
                ["kind"] = subresource.Kind,
                ["verbs"] = Texts(subresource.Verbs),
            };
            if (subresource.Group.Length > 0)
            {
                document["group"] = subresource.Group;
                document["version"] = subresource.Version;
            }

            yield return document;
        }
    }

    internal static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
