using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Replies;

namespace Slipway.Api.Discovery;

/// <summary>What clients ask before they ask for resources: version, health, discovery, schemas.</summary>
internal sealed class MetaEndpoints(ApiOptions options)
{
    private readonly OpenApiDocuments _openApi = new();
    private readonly JsonObject _version = VersionDocument(options.ProductVersion);

    /// <summary>Paths that need no credentials.</summary>
    public Reply? AnswerAnyone(string path)
    {
        if (path == "/version" || path == "/version/")
        {
            return new Reply.Document(_version);
        }

        return path.StartsWith("/healthz", StringComparison.Ordinal)
            || path.StartsWith("/livez", StringComparison.Ordinal)
            || path.StartsWith("/readyz", StringComparison.Ordinal)
            ? new Reply.Text("ok")
            : null;
    }

    public Reply? Answer(HttpRequest request, string path)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return null;
        }

        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments switch
        {
            ["api"] => AggregatedDiscovery.Asked(request) is { } version
                ? AggregatedDiscovery.Answer(version, core: true)
                : new Reply.Document(LegacyDiscovery.CoreVersions(request.Host.Value ?? "localhost")),
            ["apis"] => AggregatedDiscovery.Asked(request) is { } version
                ? AggregatedDiscovery.Answer(version, core: false)
                : new Reply.Document(LegacyDiscovery.Groups()),
            ["apis", var group] => LegacyDiscovery.Group(group) is { } found ? new Reply.Document(found) : null,
            ["api", var version] => LegacyDiscovery.Resources("", version) is { } found ? new Reply.Document(found) : null,
            ["apis", var group, var version] => LegacyDiscovery.Resources(group, version) is { } found ? new Reply.Document(found) : null,
            ["openapi", "v2"] => OpenApiV2Document.Answer,
            ["openapi", "v3"] => new Reply.Document(_openApi.Index()),
            ["openapi", "v3", .. var rest] => _openApi.Find(string.Join('/', rest)) is { } found ? new Reply.Bytes(found, "application/json") : null,
            _ => null,
        };
    }

    /// <summary>
    /// The API speaks as a 1.31 server: client wrappers pick their binary by it, and clients of that age still send JSON
    /// for the built-in kinds.
    /// </summary>
    private static JsonObject VersionDocument(string product) => new()
    {
        ["major"] = "1",
        ["minor"] = "31",
        ["gitVersion"] = $"v1.31.4+slipway-{product}",
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2026-01-01T00:00:00Z",
        ["goVersion"] = "go1.22.0",
        ["compiler"] = "gc",
        ["platform"] = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64
            ? "linux/arm64"
            : "linux/amd64",
    };
}
