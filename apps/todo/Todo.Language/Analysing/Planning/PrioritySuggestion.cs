using System.Collections.Frozen;

namespace Todo.Language.Analysing.Planning;

/// <summary>How much a todo presses: its day, its urgent and its easy-going words, and what is at stake.</summary>
internal static class PrioritySuggestion
{
    private static readonly FrozenDictionary<string, int> s_words = new Dictionary<string, int>
    {
        ["urgent"] = 3, ["urgently"] = 3, ["asap"] = 3, ["immediately"] = 3, ["critical"] = 3, ["emergency"] = 3, ["now"] = 2, ["important"] = 2, ["deadline"] = 2,
        ["overdue"] = 3, ["must"] = 1, ["final"] = 1, ["expires"] = 2, ["expiring"] = 2, ["blocked"] = 2, ["blocker"] = 3, ["outage"] = 3, ["leak"] = 3, ["leaking"] = 3, ["broken"] = 1,
        ["vital"] = 3, ["crucial"] = 3, ["essential"] = 2, ["mandatory"] = 2, ["priority"] = 2, ["quickly"] = 2, ["hurry"] = 3, ["fraud"] = 3,
        ["dringend"] = 3, ["sofort"] = 3, ["unbedingt"] = 3, ["eilig"] = 3, ["eilt"] = 3, ["notfall"] = 3, ["kritisch"] = 3, ["umgehend"] = 3, ["wichtig"] = 2, ["wichtige"] = 2, ["wichtigen"] = 2,
        ["frist"] = 2, ["mahnung"] = 3, ["überfällig"] = 3, ["spätestens"] = 2, ["abgabe"] = 2, ["läuft-ab"] = 2, ["schnell"] = 2, ["schnellstens"] = 3, ["ausfall"] = 3, ["muss"] = 1, ["zwingend"] = 3,
        ["dringende"] = 3, ["dringender"] = 3, ["gleich"] = 1, ["undicht"] = 3, ["rohrbruch"] = 3, ["verpflichtend"] = 2, ["letzte"] = 1,
        ["someday"] = -4, ["maybe"] = -3, ["eventually"] = -3, ["sometime"] = -3, ["perhaps"] = -3, ["optional"] = -3, ["whenever"] = -3, ["idea"] = -2, ["nice-to-have"] = -3, ["browse"] = -2,
        ["irgendwann"] = -4, ["vielleicht"] = -3, ["gelegentlich"] = -3, ["gelegenheit"] = -3, ["eventuell"] = -3, ["idee"] = -2, ["mal"] = -1, ["stöbern"] = -2, ["später"] = -2, ["later"] = -2,
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> s_stakes = new[]
    {
        "tax", "taxes", "invoice", "rent", "contract", "exam", "visa", "passport", "doctor", "dentist", "insurance", "bill", "client", "interview", "prescription", "court",
        "steuer", "steuererklärung", "rechnung", "miete", "vertrag", "prüfung", "visum", "reisepass", "arzt", "zahnarzt", "versicherung", "kunde", "kunden", "rezept", "gericht", "klausur",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> s_negations = new[] { "not", "no", "nicht", "keine", "kein", "never" }.ToFrozenSet();

    public static PriorityFinding Of(Study study, DateOnly today)
    {
        var todo = study.Todo;
        var points = 0;
        var evidence = new List<Evidence>();

        void Add(int weight, Evidence because)
        {
            points += weight;
            evidence.Add(because);
        }

        if (todo.Priority is "high" or "medium" or "low")
        {
            Add(todo.Priority switch { "high" => 3, "medium" => 1, _ => -2 }, new(todo.Id, "", 0, 0, $"marked {todo.Priority}"));
        }

        if (todo.DueDate is { } due)
        {
            var days = due.DayNumber - today.DayNumber;
            var (weight, why) = days switch
            {
                < 0 => (3, $"overdue by {-days} days"),
                0 => (2, "due today"),
                1 => (2, "due tomorrow"),
                <= 3 => (1, $"due in {days} days"),
                _ => (0, ""),
            };
            if (weight > 0)
            {
                Add(weight, new(todo.Id, "", 0, 0, why));
            }
        }

        FromWords(study, Add);
        if (study.Words.FirstOrDefault(word => s_stakes.Contains(word.Word)) is { Text: not null } stake)
        {
            Add(1, study.Evidence(stake, "something is at stake"));
        }
        else if (study.Topics is [{ Topic: "health", Score: >= 2 } health, ..])
        {
            Add(1, health.Evidence[0] with { Why = "health" });
        }

        var level = points >= 3 ? "high" : points >= 1 ? "medium" : points <= -1 ? "low" : "none";
        return new(todo.Id, level, Math.Round(Math.Min(0.95, 0.5 + (0.1 * Math.Abs(points))), 2), evidence);
    }

    private static void FromWords(Study study, Action<int, Evidence> add)
    {
        var words = study.Words;
        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index].Word;
            var before = index > 0 && !words[index].NewClause ? words[index - 1].Word : "";
            if (word is "rush" or "hurry" or "eile" && s_negations.Contains(before))
            {
                add(-3, study.Evidence(index - 1, index, "no hurry"));
            }
            else if (word == "day" && before is "one" or "some" || (word == "moment" && before == "spare"))
            {
                add(-3, study.Evidence(index - 1, index, "some time"));
            }
            else if (s_words.TryGetValue(word, out var weight))
            {
                var negated = weight > 0 && (s_negations.Contains(before) || (index > 1 && before is "so" or "very" or "sehr" && s_negations.Contains(words[index - 2].Word)));
                add(negated ? -2 : weight, study.Evidence(words[index], negated ? "negated" : weight > 0 ? "pressing word" : "easy-going word"));
            }
        }

        if (study.Text.Contains("!!", StringComparison.Ordinal))
        {
            var at = study.Text.IndexOf("!!", StringComparison.Ordinal);
            add(2, new(study.Todo.Id, "!!", at, 2, "exclamation"));
        }
    }
}
