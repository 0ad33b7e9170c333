using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Control.Events;
using Slipway.Control.Reconciling;
using Slipway.Model;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Secrets;

/// <summary>
/// Fills the keys that a Secret's annotation <c>slipway.dev/generate</c> names with fresh random keys, so that a manifest can
/// ask for one without anybody ever typing it. A key that has a value keeps it for good: what it has encrypted must stay readable.
/// </summary>
internal sealed class GeneratedSecretReconciler(IResourceStore store, IEventRecorder events) : IReconciler
{
    /// <summary>Names of keys, separated by commas.</summary>
    public const string Annotation = "slipway.dev/generate";

    private const int KeyBytes = 32;

    public string Name => "generated-secrets";

    public IEnumerable<ResourceKey> Keys(IResourceStore source) => source.List(Kinds.Secret).Items.Where(Asks).Select(secret => secret.Key);

    public IEnumerable<ResourceKey> Concerned(Change change)
    {
        if (change.Resource.Kind == Kinds.Secret && Asks(change.Resource))
        {
            yield return change.Resource.Key;
        }
    }

    public async Task<Reconciliation> ReconcileAsync(ResourceKey key, CancellationToken cancellation)
    {
        if (store.Get(key) is not { IsDeleting: false } secret || !Asks(secret))
        {
            return Reconciliation.Done;
        }

        var known = secret.Read("data", KindsJson.Default.DictionaryStringString) ?? [];
        var wanted = Wanted(secret);
        var wrong = wanted.Where(name => !IsKey(name)).ToList();
        if (wrong.Count > 0)
        {
            events.Warning(secret, "GenerateInvalid", $"Annotation {Annotation} names \"{wrong[0]}\"; keys consist of letters, digits, '-', '_' and '.'.");
        }

        var missing = wanted.Where(name => IsKey(name) && !known.ContainsKey(name)).Distinct().ToList();
        if (missing.Count == 0)
        {
            return Reconciliation.Done;
        }

        if (secret.RawField("immutable") is { Length: > 0 } immutable && Encoding.UTF8.GetString(immutable.Span) == "true")
        {
            events.Warning(secret, "GenerateImmutable", $"The Secret is immutable, so {string.Join(", ", missing)} cannot be generated into it.");
            return Reconciliation.Done;
        }

        var data = new JsonObject();
        foreach (var (name, value) in known)
        {
            data[name] = value;
        }

        foreach (var name in missing)
        {
            // Variables are text, so the random bytes themselves travel as base64, inside the base64 of every Secret.
            var text = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));
            data[name] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        }

        var written = await store.ReplaceAsync(secret.WithRaw("data", Encoding.UTF8.GetBytes(data.ToJsonString())), WriteOptions.Default, cancellation);
        if (written.Failure is { Kind: not FailureKind.NotFound } refused)
        {
            return refused;
        }

        events.Normal(secret, "Generated", $"Generated {string.Join(", ", missing)}.");
        return Reconciliation.Done;
    }

    private static bool Asks(Resource secret) => Wanted(secret).Length > 0;

    private static string[] Wanted(Resource secret) =>
        (secret.Metadata.Annotation(Annotation) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsKey(string name) =>
        name.Length <= 253 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
