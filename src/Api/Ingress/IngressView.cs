using System.Text;
using System.Text.Json.Nodes;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Api.Ingress;

/// <summary>
/// A core Service that says where the data plane listens. Client tools look for the ingress there, under a name they
/// have been told.
/// </summary>
public static class IngressView
{
    public const string NamespaceDefault = "kourier-system";
    public const string NameDefault = "kourier";

    /// <summary>Publishes the address, or corrects what an earlier start has published. Call it once at start.</summary>
    public static async Task<Failure?> PublishAsync(
        IResourceStore store, string address, int port, CancellationToken cancellation, string @namespace = NamespaceDefault, string name = NameDefault)
    {
        var body = new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["type"] = "LoadBalancer",
                ["ports"] = new JsonArray(new JsonObject { ["name"] = "http2", ["port"] = 80, ["nodePort"] = port, ["protocol"] = "TCP" }),
            },
            ["status"] = new JsonObject
            {
                ["loadBalancer"] = new JsonObject { ["ingress"] = new JsonArray(new JsonObject { ["ip"] = address }) },
            },
        };
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        var key = new ResourceKey(Kinds.CoreService, @namespace, name);
        var written = store.Get(key) is { } current
            ? await store.ReplaceAsync(new Resource(key.Kind, current.Metadata, bytes), WriteOptions.Default, cancellation).ConfigureAwait(false)
            : await store.CreateAsync(new Resource(key.Kind, new ObjectMeta { Name = name, Namespace = @namespace }, bytes), WriteOptions.Default, cancellation).ConfigureAwait(false);
        return written.Failure;
    }
}
