using Todo.Language.Words;

namespace Todo.Language.Analysing.Topics;

/// <summary>
/// A category for each todo that has none. A clear habit of the writer comes first: words that always stood in one category
/// suggest that one. Otherwise it is the topic's name, and without a topic a weaker habit.
/// </summary>
internal static class CategorySuggestions
{
    public static List<CategoryFinding> Of(IReadOnlyList<Study> studies)
    {
        var habits = Habits(studies);
        var findings = new List<CategoryFinding>();
        foreach (var study in studies.Where(study => string.IsNullOrWhiteSpace(study.Todo.Category) && !study.Todo.Completed))
        {
            if ((ByHabit(study, habits, atLeast: 2) ?? ByTopic(study) ?? ByHabit(study, habits, atLeast: 1)) is { } finding)
            {
                findings.Add(finding);
            }
        }

        return findings;
    }

    public static CategoryFinding? ByTopic(Study study)
    {
        var topics = study.Topics;
        if (topics.Count == 0 || topics[0].Score < 1)
        {
            return null;
        }

        var (topic, score, evidence) = topics[0];
        var rival = topics.Count > 1 ? topics[1].Score : 0;
        var name = study.Tongue == Tongue.German ? TopicLexicon.GermanName(topic) : topic;
        return new(study.Todo.Id, name, Math.Round(Math.Min(0.95, score / (score + rival + 0.8)), 2), evidence);
    }

    /// <summary>For each word, how often it stood in which of the writer's categories.</summary>
    private static Dictionary<string, Dictionary<string, int>> Habits(IReadOnlyList<Study> studies)
    {
        var habits = new Dictionary<string, Dictionary<string, int>>();
        foreach (var study in studies.Where(study => !string.IsNullOrWhiteSpace(study.Todo.Category)))
        {
            foreach (var stem in Telling(study).Select(word => word.Stem).Distinct())
            {
                if (!habits.TryGetValue(stem, out var counts))
                {
                    habits[stem] = counts = [];
                }

                counts[study.Todo.Category!] = counts.GetValueOrDefault(study.Todo.Category!) + 1;
            }
        }

        return habits;
    }

    private static CategoryFinding? ByHabit(Study study, Dictionary<string, Dictionary<string, int>> habits, double atLeast)
    {
        var votes = new Dictionary<string, (double Votes, List<Evidence> Evidence)>();
        foreach (var (word, stem) in Telling(study))
        {
            if (!habits.TryGetValue(stem, out var counts))
            {
                continue;
            }

            var total = counts.Values.Sum();
            foreach (var (category, count) in counts)
            {
                var (sum, evidence) = votes.GetValueOrDefault(category, (0, []));
                evidence.Add(study.Evidence(word, $"{count} of {total} other todos with this word are in {category}"));
                votes[category] = (sum + ((double)count / total * Math.Min(count, 3)), evidence);
            }
        }

        if (votes.Count == 0)
        {
            return null;
        }

        var best = votes.OrderByDescending(vote => vote.Value.Votes).ThenBy(vote => vote.Key, StringComparer.Ordinal).First();
        var share = best.Value.Votes / votes.Values.Sum(vote => vote.Votes);
        return share > 0.5 && best.Value.Votes >= atLeast
            ? new(study.Todo.Id, best.Key, Math.Round(Math.Min(0.95, share * best.Value.Votes / (best.Value.Votes + 0.5)), 2), best.Value.Evidence)
            : null;
    }

    private static IEnumerable<(TextWord Word, string Stem)> Telling(Study study) =>
        study.Words
            .Where(word => word.Word.Length > 2 && !StopWords.Contains(word.Word) && !char.IsDigit(word.Word[0]))
            .Select(word => (word, Stems.Of(word.Word, study.Tongue)));
}
