using System.Text;
using System.Text.Json.Nodes;
using Slipway.Model.Resources;
using Slipway.Server.Joints;
using Slipway.Store;

namespace Slipway.Server.Tests;

public sealed class UsedImagesTests
{
    private static readonly string s_serving = $"sha256:{new string('a', 64)}";
    private static readonly string s_nightly = $"sha256:{new string('b', 64)}";

    [Fact]
    public async Task Every_digest_a_workload_names_is_kept()
    {
        await using var store = ResourceStore.InMemory(TimeProvider.System);
        await AddAsync(store, Kinds.Revision, "web-00001", $$$"""{"spec":{"containers":[{"image":"localhost:5000/web@{{{s_serving}}}"}]},"status":{"containerStatuses":[{"imageDigest":"localhost:5000/web@{{{s_serving}}}"}]}}""");
        await AddAsync(store, Kinds.CronJob, "nightly", $$$"""{"spec":{"image":"x@{{{s_nightly}}}","note":"sha256:short"}}""");
        await AddAsync(store, Kinds.ConfigMap, "notes", $$$"""{"data":{"a":"sha256:{{{new string('c', 64)}}}"}}""");

        Assert.Equal([s_serving, s_nightly], UsedImages.Digests(store).Order());
    }

    private static async Task AddAsync(ResourceStore store, ResourceKind kind, string name, string body)
    {
        var made = await store.CreateAsync(
            new Resource(kind, new ObjectMeta { Name = name, Namespace = "default" }, Encoding.UTF8.GetBytes(JsonNode.Parse(body)!.ToJsonString())), WriteOptions.Default, TestContext.Current.CancellationToken);
        Assert.True(made.Succeeded, made.Failure?.Detail);
    }
}
