namespace Todo.Language.Analysing;

/// <summary>Open todos that say the same in other words: most of their stems are shared.</summary>
internal static class DuplicateTodos
{
    public const double Alike = 0.6;
    private const int ClustersMax = 100;

    public static List<DuplicateFinding> Of(IReadOnlyList<Study> studies, CancellationToken cancellation)
    {
        var open = studies.Where(study => !study.Todo.Completed).ToList();
        var stems = open.Select(StemsOf).ToList();
        var used = new bool[open.Count];
        var findings = new List<DuplicateFinding>();
        for (var first = 0; first < open.Count && findings.Count < ClustersMax; first++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (used[first])
            {
                continue;
            }

            var same = new List<int> { first };
            var least = 1.0;
            for (var second = first + 1; second < open.Count; second++)
            {
                var similarity = used[second] ? 0 : Similarity(stems[first], stems[second]);
                if (similarity >= Alike)
                {
                    same.Add(second);
                    used[second] = true;
                    least = Math.Min(least, similarity);
                }
            }

            if (same.Count > 1)
            {
                var shared = same.Skip(1).Aggregate(new HashSet<string>(stems[first]), (common, next) => [.. common.Intersect(stems[next])]);
                findings.Add(new([.. same.Select(index => open[index].Todo.Id)], Math.Round(least, 2), [.. shared.Order(StringComparer.Ordinal)]));
            }
        }

        return findings;
    }

    /// <summary>Shared stems over all stems. Different numbers make different todos: "chapter 3" is not "chapter 4".</summary>
    public static double Similarity(IReadOnlySet<string> left, IReadOnlySet<string> right)
    {
        if (left.Count == 0 || right.Count == 0 || !Numbers(left).SetEquals(Numbers(right)))
        {
            return 0;
        }

        var shared = left.Count(right.Contains);
        return (double)shared / (left.Count + right.Count - shared);
    }

    public static HashSet<string> StemsOf(Study study) =>
    [
        .. study.Words
            .Where(word => word.Start < study.Todo.Title.Length && (char.IsDigit(word.Word[0]) || !StopWords.Contains(word.Word)))
            .Select(word => Same(Stems.Of(word.Word, study.Tongue)))
            .Take(60),
    ];

    private static HashSet<string> Numbers(IReadOnlySet<string> stems) => [.. stems.Where(stem => char.IsDigit(stem[0]))];

    /// <summary>Verbs people change without meaning something else.</summary>
    private static string Same(string stem) => stem switch
    {
        "purchas" or "order" => "buy",
        "phon" or "ring" => "call",
        "e-mail" or "mail" => "email",
        "besorg" or "einkauf" => "kauf",
        "telefonier" => "anruf",
        "zahl" or "uberweis" => "bezahl",
        _ => stem,
    };
}
