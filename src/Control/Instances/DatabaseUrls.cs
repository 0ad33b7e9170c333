using Slipway.Model;
using Slipway.Model.Platform;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Instances;

/// <summary>The connection string a workload gets because a Database names it.</summary>
internal static class DatabaseUrls
{
    public const string Variable = "DATABASE_URL";

    /// <summary>Null when no Database names the workload; a Database that is not ready yet counts as missing.</summary>
    public static string? Find(IResourceStore store, Sources sources, string @namespace, string workload)
    {
        foreach (var database in store.List(Kinds.Database, @namespace).Items)
        {
            var spec = database.Read("spec", KindsJson.Default.DatabaseSpec);
            if (database.IsDeleting || spec?.Services?.Contains(workload) != true)
            {
                continue;
            }

            var status = database.Read("status", KindsJson.Default.DatabaseStatus);
            if (status?.SecretName is not { } secret)
            {
                sources.Lacks($"Database \"{database.Name}\", which is not ready yet");
                return null;
            }

            return sources.Value(Kinds.Secret, secret, Variable, optional: false);
        }

        return null;
    }
}
