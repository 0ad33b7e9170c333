using Slipway.Control.Reconciling;
using Slipway.Model;
using Slipway.Model.Core;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Namespaces;

/// <summary>Namespace <c>default</c> always exists; each Namespace carries its name as a label, a phase, and a ServiceAccount <c>default</c>.</summary>
internal sealed class NamespaceReconciler(IResourceStore store) : IReconciler
{
    public const string Default = "default";
    private const string NameLabel = "kubernetes.io/metadata.name";

    public string Name => "namespaces";

    public IEnumerable<ResourceKey> Keys(IResourceStore source) =>
        source.List(Kinds.Namespace).Items.Select(item => item.Key).Append(new ResourceKey(Kinds.Namespace, "", Default)).Distinct();

    public IEnumerable<ResourceKey> Concerned(Change change)
    {
        if (change.Resource.Kind == Kinds.Namespace)
        {
            yield return change.Resource.Key;
        }
        else if (change.Resource.Kind == Kinds.ServiceAccount && change.Type == ChangeType.Deleted && change.Resource.Name == Default)
        {
            yield return new ResourceKey(Kinds.Namespace, "", change.Resource.Namespace);
        }
    }

    public async Task<Reconciliation> ReconcileAsync(ResourceKey key, CancellationToken cancellation)
    {
        var item = store.Get(key);
        if (item is null)
        {
            if (key.Name != Default)
            {
                return Reconciliation.Done;
            }

            var created = await store.CreateAsync(Draft(key.Name), WriteOptions.Default, cancellation);
            return created.Failure is { } refused ? refused : Reconciliation.Done;
        }

        var labels = new Dictionary<string, string>(item.Metadata.Labels ?? [], StringComparer.Ordinal) { [NameLabel] = item.Name };
        var status = new NamespaceStatus { Phase = item.IsDeleting ? "Terminating" : "Active" };
        var next = item.With(item.Metadata with { Labels = labels }).With("status", status, KindsJson.Default.NamespaceStatus);
        if (item.Metadata.Label(NameLabel) != item.Name || !RawJson.Same(next.RawField("status"), item.RawField("status")))
        {
            var written = await store.ReplaceAsync(next, WriteOptions.Default, cancellation);
            if (written.Failure is { Kind: not FailureKind.NotFound } failure)
            {
                return failure;
            }
        }

        return item.IsDeleting ? Reconciliation.Done : await EnsureAccountAsync(item.Name, cancellation);
    }

    private static Resource Draft(string name)
    {
        var metadata = new ObjectMeta { Name = name, Labels = new Dictionary<string, string> { [NameLabel] = name } };
        return new Resource(Kinds.Namespace, metadata, "{}"u8.ToArray());
    }

    private async Task<Reconciliation> EnsureAccountAsync(string @namespace, CancellationToken cancellation)
    {
        if (store.Get(new ResourceKey(Kinds.ServiceAccount, @namespace, Default)) is not null)
        {
            return Reconciliation.Done;
        }

        var draft = new Resource(Kinds.ServiceAccount, new ObjectMeta { Name = Default, Namespace = @namespace }, "{}"u8.ToArray());
        var created = await store.CreateAsync(draft, WriteOptions.Default, cancellation);
        return created.Failure is { Kind: not FailureKind.AlreadyExists } failure ? failure : Reconciliation.Done;
    }
}
