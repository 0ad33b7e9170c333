using System.Text.Json.Nodes;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Api.Admission;

/// <summary>Makes sure that a manifest is about what its URL names, and completes what the URL knows already.</summary>
internal static class Identity
{
    /// <summary>Types and namespace; changes the manifest in place.</summary>
    public static Failure? Settle(JsonObject manifest, ResourcePath path)
    {
        var kind = path.Kind;
        var apiVersion = Text(manifest, "apiVersion");
        if (apiVersion.Length > 0 && apiVersion != kind.ApiVersion)
        {
            return Failures.BadRequest($"the API version in the data ({apiVersion}) does not match the expected API version ({kind.ApiVersion})");
        }

        var given = Text(manifest, "kind");
        if (given.Length > 0 && given != kind.Kind)
        {
            return Failures.BadRequest($"{given} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: kind does not match the URL");
        }

        manifest["apiVersion"] = kind.ApiVersion;
        manifest["kind"] = kind.Kind;
        if (manifest["metadata"] is not (null or JsonObject))
        {
            return Failures.BadRequest("metadata: expected an object");
        }

        var metadata = manifest["metadata"] as JsonObject;
        if (metadata is null)
        {
            metadata = [];
            manifest["metadata"] = metadata;
        }

        var @namespace = Text(metadata, "namespace");
        if (@namespace.Length > 0 && @namespace != path.Namespace)
        {
            return Failures.BadRequest(
                $"the namespace of the provided object does not match the namespace sent on the request: \"{@namespace}\" is not \"{path.Namespace}\"");
        }

        if (kind.Namespaced)
        {
            metadata["namespace"] = path.Namespace;
        }
        else
        {
            metadata.Remove("namespace");
        }

        return null;
    }

    /// <summary>For writes to a URL with a name.</summary>
    public static Failure? SettleName(JsonObject manifest, ResourcePath path)
    {
        var metadata = (JsonObject)manifest["metadata"]!;
        var name = Text(metadata, "name");
        if (name.Length > 0 && name != path.Name)
        {
            return Failures.BadRequest($"the name of the object ({name}) does not match the name on the URL ({path.Name})");
        }

        metadata["name"] = path.Name;
        return null;
    }

    public static string Text(JsonObject parent, string field) =>
        parent[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
