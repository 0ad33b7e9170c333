namespace Todo.Language.Analysing.Topics;

/// <summary>How strongly a todo speaks of a topic.</summary>
internal sealed record TopicScore(string Topic, double Score, IReadOnlyList<Evidence> Evidence);

/// <summary>What a todo is about, by the words that speak of it.</summary>
internal static class TopicReading
{
    /// <summary>Topics of one todo, the strongest first.</summary>
    public static List<TopicScore> Of(Study study)
    {
        var scores = new Dictionary<string, (double Score, List<Evidence> Evidence)>();
        foreach (var word in study.Words.Where(word => !study.IsName(word)))
        {
            // Titles name the matter, descriptions wander.
            var share = word.Start < study.Todo.Title.Length ? 1 : 0.5;
            foreach (var (topic, weight) in TopicLexicon.Of(word.Word, study.Tongue))
            {
                var (score, evidence) = scores.GetValueOrDefault(topic, (0, []));
                evidence.Add(study.Evidence(word, topic));
                scores[topic] = (score + (weight * share), evidence);
            }
        }

        return [.. scores
            .Select(pair => new TopicScore(pair.Key, pair.Value.Score, pair.Value.Evidence))
            .OrderByDescending(topic => topic.Score)
            .ThenBy(topic => Rank(topic.Topic))];
    }

    public static List<TopicFinding> OfAll(IReadOnlyList<Study> studies)
    {
        var all = studies.SelectMany(study => study.Topics.Where(topic => topic.Score >= 1).Select(topic => (study.Todo.Id, topic))).ToList();
        var total = all.Sum(found => found.topic.Score);
        return [.. all
            .GroupBy(found => found.topic.Topic)
            .Select(group => new TopicFinding(
                group.Key,
                Math.Round(group.Sum(found => found.topic.Score) / total, 3),
                [.. group.Select(found => found.Id)],
                [.. group.SelectMany(found => found.topic.Evidence).Take(20)]))
            .OrderByDescending(finding => finding.Score)
            .ThenBy(finding => finding.Topic, StringComparer.Ordinal)];
    }

    /// <summary>In a tie the more specific matter wins over buying and working, which come up everywhere.</summary>
    private static int Rank(string topic) => topic switch
    {
        "health" => 0,
        "finance" => 1,
        "travel" => 2,
        "fitness" => 3,
        "learning" => 4,
        "home" => 5,
        "work" => 6,
        "shopping" => 7,
        "leisure" => 8,
        _ => 9,
    };
}
