using System.Text.Json.Nodes;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Schema;

namespace Slipway.Api.Patching.Apply;

/// <summary>A field that an apply would change although another manager owns it.</summary>
internal sealed record FieldConflict(ManagedEntry Owner, string Path);

/// <summary>
/// Server-side apply as a pure function: live object, its owners and an applied manifest in; next object, next owners
/// and conflicts out.
/// </summary>
internal sealed record ApplyPlan(JsonObject Next, List<ManagedEntry> Entries, IReadOnlyList<FieldConflict> Conflicts)
{
    public static ApplyPlan Make(
        ResourceKind kind, JsonObject? live, IReadOnlyList<ManagedEntry> managed, JsonObject applied, string manager, string subresource, bool force, DateTimeOffset now)
    {
        var shape = Schemas.For(kind);
        var wanted = FieldPaths.Of(shape, applied).Keys.ToHashSet(StringComparer.Ordinal);
        var merged = (JsonObject)ApplyMerge.Merge(shape, live, applied);

        var before = FieldPaths.Of(shape, live);
        var changed = FieldPaths.Of(shape, merged)
            .Where(leaf => !before.TryGetValue(leaf.Key, out var value) || value != leaf.Value)
            .Select(leaf => leaf.Key)
            .ToHashSet(StringComparer.Ordinal);

        var own = managed.FirstOrDefault(entry => entry.Is(manager, ManagedEntry.Apply, subresource));
        var others = managed.Where(entry => entry != own).ToList();
        var conflicts = others
            .SelectMany(entry => entry.Paths.Where(changed.Contains).Order(StringComparer.Ordinal).Select(path => new FieldConflict(entry, path)))
            .ToList();
        if (conflicts.Count > 0 && force)
        {
            others = [.. others.Select(entry => entry.Without(changed))];
            conflicts = [];
        }

        GiveUp(shape, merged, own, wanted, others);
        var next = own?.With(wanted, now) ?? ManagedEntry.New(manager, ManagedEntry.Apply, kind.ApiVersion, subresource, wanted, now);
        return new ApplyPlan(merged, [.. others, next], conflicts);
    }

    /// <summary>What the manager owned alone and no longer sends goes; what somebody else owns too stays.</summary>
    private static void GiveUp(Shape shape, JsonObject merged, ManagedEntry? own, HashSet<string> wanted, List<ManagedEntry> others)
    {
        var gone = own?.Paths.Where(path => !wanted.Contains(path)).ToList() ?? [];
        if (gone.Count == 0)
        {
            return;
        }

        HashSet<string> kept = [.. wanted, .. others.SelectMany(entry => entry.Paths)];
        ApplyMerge.Remove(
            shape,
            merged,
            gone.Where(path => !kept.Contains(path) && !kept.Any(owned => FieldPaths.IsUnder(owned, path))),
            kept);
    }

    public Failure? Refusal()
    {
        if (Conflicts.Count == 0)
        {
            return null;
        }

        var lines = Conflicts
            .GroupBy(conflict => conflict.Owner)
            .Select(group => group.Count() == 1
                ? $"conflict with {Name(group.Key)}: {FieldPaths.Display(group.First().Path)}"
                : $"conflicts with {Name(group.Key)}:\n{string.Join('\n', group.Select(conflict => $"- {FieldPaths.Display(conflict.Path)}"))}");
        var count = Conflicts.Count == 1 ? "1 conflict" : $"{Conflicts.Count} conflicts";
        return new Failure(FailureKind.Conflict, "apply-conflict", $"Apply failed with {count}: {string.Join('\n', lines)}")
        {
            Findings = [.. Conflicts.Select(conflict => new Finding(
                "FieldManagerConflict", $"conflict with {Name(conflict.Owner)}", FieldPaths.Display(conflict.Path)))],
        };
    }

    private static string Name(ManagedEntry entry)
    {
        var subresource = entry.Subresource.Length == 0 ? "" : $" with subresource \"{entry.Subresource}\"";
        return $"\"{entry.Manager}\"{subresource} using {entry.ApiVersion}";
    }
}
