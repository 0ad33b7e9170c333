namespace Todo.Language.Analysing;

/// <summary>Runs of one to three telling words that come up again, the more todos the better.</summary>
internal static class PhraseCount
{
    private const int PhrasesMax = 20;

    private sealed class Tally
    {
        public required string Phrase { get; init; }

        public int Length { get; init; }

        public int Count { get; set; }

        public List<string> Todos { get; } = [];
    }

    public static List<KeyPhraseFinding> Of(IReadOnlyList<Study> studies)
    {
        var tallies = new Dictionary<string, Tally>();
        foreach (var study in studies)
        {
            foreach (var run in Runs(study.Words))
            {
                Count(tallies, study, run);
            }
        }

        // A longer phrase speaks for its words, unless they also stand elsewhere.
        var ranked = tallies.Values.OrderByDescending(tally => tally.Count * (1 + (0.5 * (tally.Length - 1)))).ThenBy(tally => tally.Phrase, StringComparer.Ordinal).ToList();
        var kept = new List<Tally>();
        foreach (var tally in ranked)
        {
            if (kept.Count == PhrasesMax)
            {
                break;
            }

            if (!kept.Any(other => other.Count >= tally.Count && $" {other.Phrase} ".Contains($" {tally.Phrase} ", StringComparison.OrdinalIgnoreCase)))
            {
                kept.Add(tally);
            }
        }

        return [.. kept.Select(tally => new KeyPhraseFinding(tally.Phrase, tally.Count, tally.Todos))];
    }

    private static void Count(Dictionary<string, Tally> tallies, Study study, List<TextWord> run)
    {
        for (var first = 0; first < run.Count; first++)
        {
            for (var length = 1; length <= 3 && first + length <= run.Count; length++)
            {
                var words = run.GetRange(first, length);
                var key = string.Join(' ', words.Select(word => Stems.Of(word.Word, study.Tongue)));
                if (!tallies.TryGetValue(key, out var tally))
                {
                    tallies[key] = tally = new() { Phrase = string.Join(' ', words.Select(word => word.Opens ? word.Word : word.Text)), Length = length };
                }

                tally.Count++;
                if (tally.Todos.Count == 0 || tally.Todos[^1] != study.Todo.Id)
                {
                    tally.Todos.Add(study.Todo.Id);
                }
            }
        }
    }

    private static IEnumerable<List<TextWord>> Runs(IReadOnlyList<TextWord> words)
    {
        var run = new List<TextWord>();
        foreach (var word in words)
        {
            var stops = StopWords.Contains(word.Word) || char.IsDigit(word.Word[0]) || word.Word.Length > 40;
            if ((stops || word.NewClause) && run.Count > 0)
            {
                yield return run;
                run = [];
            }

            if (!stops)
            {
                run.Add(word);
            }
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }
}
