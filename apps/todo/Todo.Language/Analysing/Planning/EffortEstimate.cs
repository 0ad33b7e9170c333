using System.Globalization;
using System.Text.RegularExpressions;

namespace Todo.Language.Analysing.Planning;

/// <summary>How long a todo takes: what was said, what the text says ("30 min"), or what its verb usually takes.</summary>
internal static partial class EffortEstimate
{
    public const int Usual = 30;

    private static readonly (int Minutes, string[] Words)[] s_verbs =
    [
        (10, ["call", "phone", "text", "reply", "remind", "ask", "order", "cancel", "confirm", "anrufen", "telefonieren", "antworten", "erinnern", "fragen", "bestellen", "kündigen", "bestätigen", "absagen"]),
        (15, ["email", "mail", "send", "pay", "transfer", "book", "print", "water", "sign", "mailen", "senden", "schicken", "bezahlen", "zahlen", "überweisen", "buchen", "drucken", "gießen", "unterschreiben"]),
        (30, ["buy", "pick", "collect", "return", "read", "check", "review", "update", "kaufen", "abholen", "zurückgeben", "besorgen", "lesen", "prüfen", "aktualisieren"]),
        (60, ["write", "clean", "meet", "meeting", "visit", "cook", "install", "study", "learn", "fix", "workout", "gym", "schreiben", "putzen", "treffen", "besprechung", "besuchen", "kochen", "installieren", "lernen", "sport"]),
        (90, ["prepare", "plan", "organise", "organize", "repair", "research", "design", "vorbereiten", "planen", "organisieren", "reparieren", "recherchieren", "entwerfen", "erstellen"]),
        (180, ["renovate", "paint", "move", "migrate", "declutter", "renovieren", "streichen", "umziehen", "ausmisten", "entrümpeln", "steuererklärung"]),
    ];

    private static readonly Dictionary<string, int> s_minutes = s_verbs.SelectMany(group => group.Words.Select(word => (word, group.Minutes))).ToDictionary(pair => pair.word, pair => pair.Minutes);

    public static EffortFinding Of(Study study)
    {
        var todo = study.Todo;
        if (todo.EffortMinutes is { } given and > 0)
        {
            return new(todo.Id, Math.Min(given, 100_000), [new(todo.Id, "", 0, 0, "given")]);
        }

        if (Stated(study) is { } stated)
        {
            return stated;
        }

        foreach (var word in study.Words)
        {
            if (s_minutes.TryGetValue(word.Word, out var minutes))
            {
                return new(todo.Id, minutes, [study.Evidence(word, "usual for this kind of work")]);
            }
        }

        return new(todo.Id, Usual, [new(todo.Id, "", 0, 0, "no hint")]);
    }

    private static EffortFinding? Stated(Study study)
    {
        foreach (var match in Duration().EnumerateMatches(study.Text))
        {
            // "in 30 minutes" is when, not how long.
            var before = study.Text.AsSpan(0, match.Index).TrimEnd();
            if (before.EndsWith(" in", StringComparison.OrdinalIgnoreCase) || before.Equals("in", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var text = study.Text.Substring(match.Index, match.Length);
            var split = Duration().Match(text);
            if (!double.TryParse(split.Groups[1].Value.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            {
                continue;
            }

            var hours = split.Groups[2].Value.StartsWith("h", StringComparison.OrdinalIgnoreCase) || split.Groups[2].Value.StartsWith("st", StringComparison.OrdinalIgnoreCase);
            var minutes = (int)Math.Round(hours ? amount * 60 : amount);
            if (minutes is > 0 and <= 6_000)
            {
                return new(study.Todo.Id, minutes, [new(study.Todo.Id, text, match.Index, match.Length, "stated")]);
            }
        }

        return null;
    }

    [GeneratedRegex(@"\b([0-9]{1,4}(?:[.,][0-9]{1,2})?)[ -]?(minutes|minuten|minute|mins|min|hours|hour|hrs|hr|h|stunden|stunde|std)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Duration();
}
