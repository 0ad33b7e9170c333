using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Slipway.Api.Content;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Model.Resources;

namespace Slipway.Api.Discovery;

/// <summary>Discovery in one document per root instead of one per group version.</summary>
internal static class AggregatedDiscovery
{
    /// <summary>The newest version the caller accepts (<c>v2</c> or <c>v2beta1</c>); null when it wants the legacy form.</summary>
    public static string? Asked(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList([request.Headers.Accept.ToString()], out var offered))
        {
            return null;
        }

        var versions = offered
            .Where(media => media.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                && Rendering.Parameter(media, "g") == "apidiscovery.k8s.io"
                && Rendering.Parameter(media, "as") == "APIGroupDiscoveryList")
            .Select(media => Rendering.Parameter(media, "v"))
            .ToList();
        return versions.Contains("v2") ? "v2" : versions.Contains("v2beta1") ? "v2beta1" : null;
    }

    public static Reply Answer(string version, bool core)
    {
        var groups = core ? [new ServedGroup("", ["v1"])] : ServedGroups.Named;
        var document = new JsonObject
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["apiVersion"] = $"apidiscovery.k8s.io/{version}",
            ["metadata"] = new JsonObject(),
            ["items"] = new JsonArray([.. groups.Select(GroupDocument)]),
        };
        return new Reply.Document(document, 200, $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList");
    }

    private static JsonObject GroupDocument(ServedGroup group)
    {
        var metadata = new JsonObject();
        if (group.Name.Length > 0)
        {
            metadata["name"] = group.Name;
        }

        return new JsonObject
        {
            ["metadata"] = metadata,
            ["versions"] = new JsonArray([.. group.Versions.Select(version => new JsonObject
            {
                ["version"] = version,
                ["freshness"] = "Current",
                ["resources"] = new JsonArray([.. Kinds.All
                    .Where(kind => kind.Group == group.Name && kind.Version == version)
                    .Select(ResourceDocument)]),
            })]),
        };
    }

    private static JsonObject ResourceDocument(ResourceKind kind)
    {
        var document = new JsonObject
        {
            ["resource"] = kind.Plural,
            ["responseKind"] = KindDocument(kind.Group, kind.Version, kind.Kind),
            ["scope"] = kind.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = kind.Singular,
            ["verbs"] = LegacyDiscovery.Texts(ServedVerbs.Of(kind).Select(verb => verb.Text())),
        };
        if (kind.ShortNames.Count > 0)
        {
            document["shortNames"] = LegacyDiscovery.Texts(kind.ShortNames);
        }

        if (kind.Categories.Count > 0)
        {
            document["categories"] = LegacyDiscovery.Texts(kind.Categories);
        }

        var subresources = ServedSubresources.Of(kind).Select(subresource => new JsonObject
        {
            ["subresource"] = subresource.Name,
            ["responseKind"] = subresource.Group.Length > 0
                ? KindDocument(subresource.Group, subresource.Version, subresource.Kind)
                : KindDocument(kind.Group, kind.Version, subresource.Kind),
            ["verbs"] = LegacyDiscovery.Texts(subresource.Verbs),
        }).ToList();
        if (subresources.Count > 0)
        {
            document["subresources"] = new JsonArray([.. subresources]);
        }

        return document;
    }

    private static JsonObject KindDocument(string group, string version, string kind) =>
        new() { ["group"] = group, ["version"] = version, ["kind"] = kind };
}
