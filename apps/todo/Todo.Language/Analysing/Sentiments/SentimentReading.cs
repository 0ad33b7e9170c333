using System.Collections.Frozen;
using Todo.Language.Words;

namespace Todo.Language.Analysing.Sentiments;

/// <summary>
/// Adds up the good and bad words of a text. "not" turns the words it reaches around, "very" strengthens the next one, and
/// what follows a "but" counts more than what stood before it.
/// </summary>
internal static class SentimentReading
{
    private const double Threshold = 0.15;

    private static readonly FrozenSet<string> s_negations = new[]
    {
        "not", "no", "never", "none", "without", "don't", "doesn't", "didn't", "isn't", "aren't", "wasn't", "weren't", "can't", "cannot", "won't", "wouldn't",
        "shouldn't", "couldn't", "haven't", "hasn't", "neither", "nor", "hardly", "nicht", "kein", "keine", "keinen", "keinem", "keiner", "nie", "niemals", "ohne",
        "weder", "kaum", "nichts",
    }.ToFrozenSet();

    private static readonly FrozenDictionary<string, double> s_degrees = new Dictionary<string, double>
    {
        ["very"] = 1.4, ["really"] = 1.4, ["so"] = 1.2, ["extremely"] = 1.6, ["totally"] = 1.4, ["absolutely"] = 1.5, ["incredibly"] = 1.5, ["too"] = 1.2,
        ["completely"] = 1.4, ["super"] = 1.4, ["slightly"] = 0.6, ["somewhat"] = 0.7, ["bit"] = 0.6, ["little"] = 0.7, ["rather"] = 0.8, ["barely"] = 0.5,
        ["sehr"] = 1.4, ["wirklich"] = 1.4, ["extrem"] = 1.6, ["total"] = 1.4, ["absolut"] = 1.5, ["echt"] = 1.3, ["unglaublich"] = 1.5, ["völlig"] = 1.4,
        ["richtig"] = 1.3, ["zu"] = 1.1, ["etwas"] = 0.7, ["bisschen"] = 0.6, ["leicht"] = 0.6, ["ziemlich"] = 1.1,
    }.ToFrozenDictionary();

    public static SentimentFinding OfAll(IReadOnlyList<Study> studies)
    {
        var found = studies.Select(Of).Where(finding => finding.Evidence.Count > 0).ToList();
        var score = found.Count == 0 ? 0 : Math.Round(found.Average(finding => finding.Score), 3);
        return new(score, Label(score), [.. found.SelectMany(finding => finding.Evidence).OrderByDescending(evidence => Math.Abs(evidence.Weight)).Take(50)]);
    }

    public static SentimentFinding Of(Study study)
    {
        var words = study.Words;
        var evidence = new List<SentimentEvidence>();
        var turn = Turn(words);
        for (var index = 0; index < words.Count; index++)
        {
            var pair = index + 1 < words.Count && !words[index + 1].NewClause ? SentimentLexicon.Pair(words[index].Word, words[index + 1].Word) : null;
            if (pair is { } together)
            {
                if (together != 0)
                {
                    evidence.Add(Found(study, index, index + 1, together * Share(index, turn), "expression"));
                }

                index++;
                continue;
            }

            var plain = SentimentLexicon.Weight(words[index].Word, study.Tongue);
            if (plain == 0)
            {
                continue;
            }

            var (degree, from) = Degree(words, index);
            var negated = IsNegated(words, index, study.Tongue);
            var solved = plain < 0 && IsSolved(words, index);
            var weight = plain * degree * (solved ? -0.5 : negated ? -0.7 : 1) * Share(index, turn);
            var why = solved ? "solved" : negated ? "negated" : degree > 1 ? "strengthened" : degree < 1 ? "weakened" : plain > 0 ? "good word" : "bad word";
            evidence.Add(Found(study, from, index, weight, why));
        }

        var sum = evidence.Sum(found => found.Weight);
        var score = Math.Round(sum / Math.Sqrt((sum * sum) + 8), 3);
        return new(score, Label(score), evidence);
    }

    private static string Label(double score) => score >= Threshold ? "positive" : score <= -Threshold ? "negative" : "neutral";

    /// <summary>A negation up to three words before in the same clause; in German also behind the verb: "gefällt mir nicht".</summary>
    private static bool IsNegated(IReadOnlyList<TextWord> words, int index, string tongue)
    {
        for (var at = index; at > 0 && index - at < 3 && !words[at].NewClause; at--)
        {
            if (s_negations.Contains(words[at - 1].Word))
            {
                return true;
            }
        }

        for (var at = index + 1; tongue == Tongue.German && at < words.Count && at - index <= 3 && !words[at].NewClause; at++)
        {
            if (words[at].Word == "nicht")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>"the bug is fixed" is good news.</summary>
    private static bool IsSolved(IReadOnlyList<TextWord> words, int index)
    {
        for (var at = index + 1; at < words.Count && at - index <= 3 && !words[at].NewClause; at++)
        {
            if (words[at].Word is "fixed" or "solved" or "resolved" or "repaired" or "gone" or "behoben" or "gelöst" or "repariert" or "beseitigt")
            {
                return true;
            }
        }

        return false;
    }

    private static (double Degree, int From) Degree(IReadOnlyList<TextWord> words, int index) =>
        index > 0 && !words[index].NewClause && s_degrees.TryGetValue(words[index - 1].Word, out var degree) ? (degree, index - 1) : (1, index);

    private static int Turn(IReadOnlyList<TextWord> words)
    {
        for (var index = words.Count - 1; index > 0; index--)
        {
            if (words[index].Word is "but" or "however" or "aber" or "sondern" or "trotzdem")
            {
                return index;
            }
        }

        return -1;
    }

    private static double Share(int index, int turn) => turn < 0 ? 1 : index < turn ? 0.6 : 1.3;

    private static SentimentEvidence Found(Study study, int first, int last, double weight, string why)
    {
        var evidence = study.Evidence(first, last, why);
        return new(evidence.TodoId, evidence.Text, evidence.Start, evidence.Length, Math.Round(weight, 2), why);
    }
}
