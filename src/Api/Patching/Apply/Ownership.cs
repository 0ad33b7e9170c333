using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Model.Resources;
using Slipway.Model.Schema;

namespace Slipway.Api.Patching.Apply;

/// <summary>Who owns which field after a write that is not an apply: whoever changed a field last.</summary>
internal static class Ownership
{
    /// <summary>Beyond this the oldest updaters are remembered together, so that the list cannot grow without end.</summary>
    private const int UpdatersMax = 10;

    private const string Ancient = "ancient-changes";

    public static List<JsonElement>? AfterUpdate(
        ResourceKind kind, JsonObject? before, JsonObject after, List<JsonElement>? managed, string manager, string subresource, DateTimeOffset now)
    {
        var shape = Schemas.For(kind);
        var old = FieldPaths.Of(shape, before);
        var next = FieldPaths.Of(shape, after);
        var changed = next.Where(leaf => !old.TryGetValue(leaf.Key, out var value) || value != leaf.Value).Select(leaf => leaf.Key).ToHashSet(StringComparer.Ordinal);
        var removed = old.Keys.Where(path => !next.ContainsKey(path)).ToHashSet(StringComparer.Ordinal);
        if (changed.Count == 0 && removed.Count == 0)
        {
            return managed;
        }

        HashSet<string> touched = [.. changed, .. removed];
        var entries = new List<ManagedEntry>();
        ManagedEntry? own = null;
        foreach (var entry in ManagedEntry.Read(managed))
        {
            if (entry.Is(manager, ManagedEntry.Update, subresource))
            {
                own = entry.With([.. entry.Paths.Except(removed).Union(changed)], now);
            }
            else
            {
                entries.Add(entry.Without(touched));
            }
        }

        own ??= ManagedEntry.New(manager, ManagedEntry.Update, kind.ApiVersion, subresource, changed, now);
        entries.Add(own);
        return ManagedEntry.Write(Bounded(entries, kind.ApiVersion));
    }

    private static List<ManagedEntry> Bounded(List<ManagedEntry> entries, string apiVersion)
    {
        var updaters = entries
            .Where(entry => entry.Operation == ManagedEntry.Update && entry.Paths.Count > 0)
            .OrderBy(entry => entry.Manager == Ancient ? "" : entry.Time, StringComparer.Ordinal)
            .ToList();
        if (updaters.Count <= UpdatersMax)
        {
            return entries;
        }

        var oldest = updaters.Take(updaters.Count - UpdatersMax + 1).ToList();
        var merged = new ManagedEntry(
            Ancient, ManagedEntry.Update, apiVersion, oldest[^1].Time, "", [.. oldest.SelectMany(entry => entry.Paths)]);
        return [.. entries.Except(oldest), merged];
    }
}
