using System.Text;
using System.Text.Json.Nodes;
using Slipway.Control.Events;
using Slipway.Control.Reconciling;
using Slipway.Model;
using Slipway.Model.Failures;
using Slipway.Model.Platform;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Issuers;

/// <summary>
/// Keeps the name and keys of the Service that a TrafficPolicy trusts in a Secret, where the gateway finds them. What was
/// learned once stays when the issuer is away: its tokens are as good as before.
/// </summary>
internal sealed class IssuerReconciler(IResourceStore store, IIssuerDocuments issuers, IEventRecorder events) : IReconciler
{
    /// <summary>An issuer publishes a new key well before it signs with it, so looking this often misses none.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMinutes(1);

    public string Name => "issuers";

    public int Workers => 2;

    public IEnumerable<ResourceKey> Keys(IResourceStore source) => source.List(Kinds.TrafficPolicy).Items.Select(policy => policy.Key);

    public IEnumerable<ResourceKey> Concerned(Change change)
    {
        if (change.Resource.Kind == Kinds.TrafficPolicy)
        {
            yield return change.Resource.Key;
        }
        else if (change.Resource.Kind == Kinds.Secret && change.Resource.OwnerKey(Kinds.TrafficPolicy) is { } owner)
        {
            yield return owner;
        }
    }

    public async Task<Reconciliation> ReconcileAsync(ResourceKey key, CancellationToken cancellation)
    {
        if (store.Get(key) is not { IsDeleting: false } policy
            || policy.Read("spec", KindsJson.Default.TrafficPolicySpec)?.Authentication is not { Mode: "jwt", IssuerService: { Length: > 0 } service })
        {
            return Reconciliation.Done;
        }

        var name = AuthenticationSpec.IssuerSecretName(policy.Name);
        var secret = store.Get(new ResourceKey(Kinds.Secret, policy.Namespace, name));
        if (secret is not null && !secret.IsControlledBy(policy))
        {
            events.Warning(policy, "SecretTaken", $"A Secret named \"{name}\" exists that this policy does not own. Delete or rename it.");
            return Reconciliation.Done;
        }

        var asked = await issuers.FetchAsync(policy.Namespace, service, cancellation);
        if (asked.Failure is { } away)
        {
            events.Warning(policy, "IssuerUnavailable", away.Detail);
            return secret is null ? away : Reconciliation.After(s_look);
        }

        var data = Data(asked.Value);
        if (secret is not null && RawJson.Same(secret.RawField("data"), data))
        {
            return Reconciliation.After(s_look);
        }

        var written = secret is null
            ? await store.CreateAsync(Draft(policy, name).WithRaw("data", data), WriteOptions.Default, cancellation)
            : await store.ReplaceAsync(secret.WithRaw("data", data), WriteOptions.Default, cancellation);
        return written.Failure is { } refused ? refused : Reconciliation.After(s_look);
    }

    private static byte[] Data(IssuerDocument document) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["issuer"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(document.Issuer)),
        ["jwks.json"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(document.Keys)),
    }.ToJsonString());

    private static Resource Draft(Resource policy, string name)
    {
        var metadata = new ObjectMeta { Name = name, Namespace = policy.Namespace, OwnerReferences = [Ownership.By(policy)] };
        return new Resource(Kinds.Secret, metadata, "{\"type\":\"Opaque\"}"u8.ToArray());
    }
}
