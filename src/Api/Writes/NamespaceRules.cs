using System.Text;
using System.Text.Json.Nodes;
using Slipway.Api.Replies;
using Slipway.Model.Defaulting;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Api.Writes;

/// <summary>Objects live in namespaces that exist; each namespace has an account that instances act as by default.</summary>
internal sealed class NamespaceRules(IResourceStore store)
{
    private const string DefaultAccount = "default";

    /// <summary>Null when objects may be created there.</summary>
    public Failure? Refusal(ResourceKind kind, string @namespace) =>
        kind.Namespaced && store.Get(new ResourceKey(Kinds.Namespace, "", @namespace)) is null
            ? Failures.NamespaceNotFound(@namespace)
            : null;

    /// <summary>Makes the namespace unless it is there already. Repeating it is harmless.</summary>
    public async Task<Failure?> EnsureAsync(string name, CancellationToken cancellation)
    {
        if (store.Get(new ResourceKey(Kinds.Namespace, "", name)) is null)
        {
            var manifest = new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = name },
                ["status"] = new JsonObject { ["phase"] = "Active" },
            };
            Defaults.Apply(Kinds.Namespace, manifest, null);
            var made = await store.CreateAsync(Resource.FromJson(Kinds.Namespace, manifest), WriteOptions.Default, cancellation).ConfigureAwait(false);
            if (made.Failure is { Kind: not FailureKind.AlreadyExists } failure)
            {
                return failure;
            }
        }

        return await EnsureAccountAsync(name, cancellation).ConfigureAwait(false);
    }

    public async Task<Failure?> EnsureAccountAsync(string @namespace, CancellationToken cancellation)
    {
        if (store.Get(new ResourceKey(Kinds.ServiceAccount, @namespace, DefaultAccount)) is not null)
        {
            return null;
        }

        var account = new Resource(
            Kinds.ServiceAccount, new ObjectMeta { Name = DefaultAccount, Namespace = @namespace }, Encoding.UTF8.GetBytes("{}"));
        var made = await store.CreateAsync(account, WriteOptions.Default, cancellation).ConfigureAwait(false);
        return made.Failure is { Kind: not FailureKind.AlreadyExists } failure ? failure : null;
    }
}
