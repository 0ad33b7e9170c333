namespace Slipway.Sdk.Database;

/// <summary>What is left to do, or why nothing may be done. Pure: from the scripts and what the database remembers.</summary>
internal sealed record MigrationPlan(IReadOnlyList<MigrationScript> Pending, IReadOnlyList<string> Newer, string? Refusal)
{
    /// <summary>
    /// A database that knows more than this program is fine: the program was rolled back, and migrations only ever add. A script
    /// that differs from what ran is not: nobody can say what the database looks like then.
    /// </summary>
    public static MigrationPlan Of(IReadOnlyList<MigrationScript> scripts, IReadOnlyList<AppliedMigration> applied)
    {
        var done = applied.ToDictionary(migration => migration.Version);
        foreach (var script in scripts)
        {
            if (done.TryGetValue(script.Version, out var was) && (was.Checksum != script.Checksum || was.Name != script.Name))
            {
                return new MigrationPlan([], [], was.Name == script.Name
                    ? $"The migration {script.Id} was changed after it had been applied. Take the change back and put it into a new script with the next number."
                    : $"The migration {script.Id} was applied under the name {was.Name}. Give the new script the next number.");
            }
        }

        var known = scripts.Select(script => script.Version).ToHashSet();
        return new MigrationPlan(
            [.. scripts.Where(script => !done.ContainsKey(script.Version))],
            [.. applied.Where(migration => !known.Contains(migration.Version)).Select(migration => $"{migration.Version:0000}_{migration.Name}")],
            null);
    }
}
