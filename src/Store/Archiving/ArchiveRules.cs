namespace Slipway.Store.Archiving;

/// <summary>What an archive may let go of. Pure.</summary>
internal static class ArchiveRules
{
    /// <summary>
    /// The files that no moment within the days needs. The newest copy always stays, and so does the last one from before the first of
    /// those days, since the moments after it stand on it. Only the bound of bytes takes more.
    /// </summary>
    public static IReadOnlyList<string> Superfluous(IReadOnlyList<BaseBackup> bases, IReadOnlyList<WalFile> log, DateTimeOffset now, ArchiveSettings settings)
    {
        if (bases.Count == 0)
        {
            return [];
        }

        var ordered = bases.OrderBy(copy => copy.CompleteAt).ToList();
        var begin = now - TimeSpan.FromDays(settings.Days);
        var first = Math.Max(0, ordered.FindLastIndex(copy => copy.CompleteAt <= begin));
        while (first < ordered.Count - 1 && BytesFrom(ordered, log, first) > settings.BytesMax)
        {
            first++;
        }

        return
        [
            .. ordered.Take(first).Select(copy => copy.Path),
            .. log.Where(file => file.IsBefore(ordered[first].FirstSegment)).Select(file => file.Path),
        ];
    }

    /// <summary>The copy to begin with: the newest that was complete by then.</summary>
    public static BaseBackup? BaseFor(IEnumerable<BaseBackup> bases, DateTimeOffset moment) =>
        bases.Where(copy => copy.CompleteAt <= moment).MaxBy(copy => copy.CompleteAt);

    private static long BytesFrom(List<BaseBackup> ordered, IReadOnlyList<WalFile> log, int first) =>
        ordered.Skip(first).Sum(copy => copy.Bytes) + log.Where(file => !file.IsBefore(ordered[first].FirstSegment)).Sum(file => file.Bytes);
}
