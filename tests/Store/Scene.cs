using System.Text;
using System.Text.Json.Nodes;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Store.Tests;

/// <summary>Small words for scenes: objects with sensible defaults, so that what a test sets is what it is about.</summary>
internal static class Scene
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Resource Draft(string name, string body = """{"spec":{"a":1}}""", string @namespace = "default", ResourceKind? kind = null) =>
        new(kind ?? Kinds.ConfigMap, new ObjectMeta { Name = name, Namespace = @namespace }, Encoding.UTF8.GetBytes(body));

    public static Resource Namespace(string name) =>
        new(Kinds.Namespace, new ObjectMeta { Name = name }, "{}"u8.ToArray());

    public static Resource WithBody(this Resource resource, string body) =>
        new(resource.Kind, resource.Metadata, Encoding.UTF8.GetBytes(body));

    public static Resource WithMeta(this Resource resource, Func<ObjectMeta, ObjectMeta> change) =>
        resource.With(change(resource.Metadata));

    public static Resource OwnedBy(this Resource draft, params Resource[] owners) =>
        draft.WithMeta(metadata => metadata with
        {
            OwnerReferences = [.. owners.Select(owner => new OwnerReference
            {
                ApiVersion = owner.Kind.ApiVersion, Kind = owner.Kind.Kind, Name = owner.Name, Uid = owner.Uid, Controller = true, BlockOwnerDeletion = true,
            })],
        });

    public static string BodyText(this Resource resource) => Encoding.UTF8.GetString(resource.Body.Span);

    /// <summary>Everything about an object as one comparable text.</summary>
    public static string Portrait(this Resource resource)
    {
        var whole = resource.ToJson();
        return Canonical(whole)!.ToJsonString() + resource.BodyText();
    }

    public static async Task<Resource> Created(this IResourceStore store, Resource draft) =>
        (await store.CreateAsync(draft, WriteOptions.Default, TestContext.Current.CancellationToken)).Value;

    public static async Task<Resource> Replaced(this IResourceStore store, Resource next) =>
        (await store.ReplaceAsync(next, WriteOptions.Default, TestContext.Current.CancellationToken)).Value;

    public static async Task<Resource> Deleted(this IResourceStore store, Resource resource, Propagation propagation = Propagation.Background) =>
        (await store.DeleteAsync(resource.Key, new DeleteOptions(propagation), TestContext.Current.CancellationToken)).Value;

    public static Task<Outcome<Resource>> Create(this IResourceStore store, Resource draft) =>
        store.CreateAsync(draft, WriteOptions.Default, TestContext.Current.CancellationToken);

    public static Task<Outcome<Resource>> Replace(this IResourceStore store, Resource next) =>
        store.ReplaceAsync(next, WriteOptions.Default, TestContext.Current.CancellationToken);

    public static Task<Outcome<Resource>> Delete(this IResourceStore store, ResourceKey key, DeleteOptions? options = null) =>
        store.DeleteAsync(key, options ?? DeleteOptions.Default, TestContext.Current.CancellationToken);

    public static async Task<List<Change>> Next(this IWatch watch, int atLeast)
    {
        using var limit = new CancellationTokenSource(Patience);
        var changes = new List<Change>();
        while (changes.Count < atLeast)
        {
            changes.AddRange((await watch.NextAsync(limit.Token)).Value);
        }

        return changes;
    }

    /// <summary>Waits for a condition, never for time alone.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"{what}: not within {Patience.TotalSeconds} s");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private static JsonNode? Canonical(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => KeyValuePair.Create(field.Key, Canonical(field.Value?.DeepClone())))),
        JsonArray items => new JsonArray([.. items.Select(item => Canonical(item?.DeepClone()))]),
        _ => node?.DeepClone(),
    };
}
