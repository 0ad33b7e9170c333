using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Control.Conditions;
using Slipway.Control.Events;
using Slipway.Control.Reconciling;
using Slipway.Model;
using Slipway.Model.Failures;
using Slipway.Model.Platform;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Databases;

/// <summary>Gives every Database a database, a role and a Secret with the way in; takes them away only when told to.</summary>
/// <param name="admin">Null when this installation has no server to make databases on.</param>
internal sealed class DatabaseReconciler(IResourceStore store, IDatabaseAdmin? admin, IEventRecorder events, TimeProvider time) : IReconciler
{
    public const string Finalizer = "slipway.dev/database";

    /// <summary>The version of the Secret whose password the server has.</summary>
    public const string PasswordAnnotation = "slipway.dev/password-version";

    private const string PasswordLetters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    private const int PasswordLength = 32;

    public string Name => "databases";

    public int Workers => 2;

    public IEnumerable<ResourceKey> Keys(IResourceStore source) => source.List(Kinds.Database).Items.Select(database => database.Key);

    public IEnumerable<ResourceKey> Concerned(Change change)
    {
        if (change.Resource.Kind == Kinds.Database)
        {
            yield return change.Resource.Key;
        }
        else if (change.Resource.Kind == Kinds.Secret && change.Resource.OwnerKey(Kinds.Database) is { } owner)
        {
            yield return owner;
        }
    }

    public async Task<Reconciliation> ReconcileAsync(ResourceKey key, CancellationToken cancellation)
    {
        if (store.Get(key) is not { } database)
        {
            return Reconciliation.Done;
        }

        var spec = database.Read("spec", KindsJson.Default.DatabaseSpec) ?? new DatabaseSpec();
        if (database.IsDeleting)
        {
            return await LeaveAsync(database, spec, cancellation);
        }

        if (database.Metadata.Finalizers?.Contains(Finalizer) != true)
        {
            // Before anything is made on the server: what would have to be dropped must not be forgotten.
            var marked = database.With(database.Metadata with { Finalizers = [.. database.Metadata.Finalizers ?? [], Finalizer] });
            var written = await store.ReplaceAsync(marked, WriteOptions.Default, cancellation);
            return written.Failure is { } refused ? refused : Reconciliation.Done;
        }

        return await ProvideAsync(database, spec, cancellation);
    }

    private async Task<Reconciliation> ProvideAsync(Resource database, DatabaseSpec spec, CancellationToken cancellation)
    {
        if (admin is null)
        {
            return await SayAsync(database, new Failure(FailureKind.Unavailable, "no-database-server", "This installation has no PostgreSQL server to make databases on."), "NoDatabaseServer", null, cancellation);
        }

        var name = DatabaseNames.OnServer(database, spec);
        var secret = store.Get(new ResourceKey(Kinds.Secret, database.Namespace, DatabaseNames.Secret(database)));
        if (secret is not null && !secret.IsControlledBy(database))
        {
            return await SayAsync(database, new Failure(FailureKind.AlreadyExists, "secret-taken", $"A Secret named \"{secret.Name}\" exists that this Database does not own. Delete or rename it."), "NotOwned", null, cancellation);
        }

        var known = secret?.Read("data", KindsJson.Default.DictionaryStringString)?.GetValueOrDefault("password");
        var password = known is null ? RandomNumberGenerator.GetString(PasswordLetters, PasswordLength) : Encoding.UTF8.GetString(Convert.FromBase64String(known));
        var account = new DatabaseAccount(name, name, password, spec.ConnectionLimit, DatabaseNames.Claim(database));

        // The password is kept before the server learns it: the other way round a crash would leave a role nobody can use.
        var kept = await KeepAsync(database, secret, account, cancellation);
        if (kept.Failure is { } unkept)
        {
            return unkept;
        }

        var version = kept.Value.Metadata.ResourceVersion!;
        var setPassword = database.Metadata.Annotation(PasswordAnnotation) != version;
        var failure = await admin.EnsureAsync(account, setPassword, cancellation);
        return failure is null
            ? await SayAsync(database, null, null, (name, kept.Value.Name, version), cancellation)
            : await SayAsync(database, failure, failure.Code == "database-name-taken" ? "DatabaseNameTaken" : "ServerUnavailable", null, cancellation);
    }

    private async Task<Outcome<Resource>> KeepAsync(Resource database, Resource? secret, DatabaseAccount account, CancellationToken cancellation)
    {
        var data = new JsonObject();
        foreach (var (name, value) in admin!.Describe(account))
        {
            data[name] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value));
        }

        var text = Encoding.UTF8.GetBytes(data.ToJsonString());
        if (secret is not null)
        {
            var next = secret.WithRaw("data", text);
            return RawJson.Same(next.RawField("data"), secret.RawField("data")) ? secret : await store.ReplaceAsync(next, WriteOptions.Default, cancellation);
        }

        var metadata = new ObjectMeta
        {
            Name = DatabaseNames.Secret(database),
            Namespace = database.Namespace,
            OwnerReferences = [Ownership.By(database)],
        };
        var draft = new Resource(Kinds.Secret, metadata, "{\"type\":\"Opaque\"}"u8.ToArray()).WithRaw("data", text);
        return await store.CreateAsync(draft, WriteOptions.Default, cancellation);
    }

    private async Task<Reconciliation> LeaveAsync(Resource database, DatabaseSpec spec, CancellationToken cancellation)
    {
        if (database.Metadata.Finalizers?.Contains(Finalizer) != true)
        {
            return Reconciliation.Done;
        }

        if (spec.DeletionPolicy == "Delete" && admin is not null)
        {
            var name = DatabaseNames.OnServer(database, spec);
            if (await admin.DropAsync(name, name, DatabaseNames.Claim(database), cancellation) is { } failure)
            {
                events.Warning(database, "DropFailed", failure.Detail);
                return failure;
            }
        }

        var released = database.With(database.Metadata with { Finalizers = [.. database.Metadata.Finalizers.Where(finalizer => finalizer != Finalizer)] });
        var written = await store.ReplaceAsync(released, WriteOptions.Default, cancellation);
        return written.Failure is { Kind: not FailureKind.NotFound } refused ? refused : Reconciliation.Done;
    }

    private async Task<Reconciliation> SayAsync(
        Resource database, Failure? failure, string? reason, (string Name, string Secret, string Version)? made, CancellationToken cancellation)
    {
        var former = database.Read("status", KindsJson.Default.DatabaseStatus);
        var conditions = new ConditionSet(former?.Conditions, [], time.GetUtcNow());
        if (failure is null)
        {
            conditions.True(ConditionSet.Ready);
        }
        else
        {
            conditions.False(ConditionSet.Ready, reason!, failure.Detail);
        }

        // A server that is away for a while takes nothing back: whoever has the way in keeps it.
        var status = new DatabaseStatus
        {
            ObservedGeneration = database.Metadata.Generation,
            Conditions = conditions.Build(),
            DatabaseName = made?.Name ?? former?.DatabaseName,
            Role = made?.Name ?? former?.Role,
            SecretName = made?.Secret ?? former?.SecretName,
        };
        var next = database.With("status", status, KindsJson.Default.DatabaseStatus);
        if (made is { } done && database.Metadata.Annotation(PasswordAnnotation) != done.Version)
        {
            next = next.With(next.Metadata with
            {
                Annotations = new Dictionary<string, string>(database.Metadata.Annotations ?? [], StringComparer.Ordinal) { [PasswordAnnotation] = done.Version },
            });
        }
        else if (RawJson.Same(next.RawField("status"), database.RawField("status")))
        {
            return failure is null ? Reconciliation.Done : failure;
        }

        var written = await store.ReplaceAsync(next, WriteOptions.Default, cancellation);
        if (written.Failure is { Kind: not FailureKind.NotFound } refused)
        {
            return refused;
        }

        return failure is null ? Reconciliation.Done : failure;
    }
}
