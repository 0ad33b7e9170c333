using Todo.Language.QuickAdding;
using Todo.Language.Words;

namespace Todo.Language.Analysing.Entities;

/// <summary>People, places, organisations, addresses and amounts in a todo. Each stretch of text is one thing at most.</summary>
internal static class EntityReading
{
    /// <summary>Beyond that a text is a list of addresses; every further one is compared with those before.</summary>
    private const int PerTodo = 200;

    public static List<EntityFinding> Of(Study study)
    {
        var found = new List<EntityFinding>();
        foreach (var (type, start, length) in Patterns.In(study.Text))
        {
            Add(found, study, type, start, start + length);
        }

        var words = study.Words;
        for (var index = 0; index < words.Count; index++)
        {
            var (type, count) = Organisation(words, index) ?? Place(words, index, study.Tongue) ?? Person(words, index, study.Tongue) ?? ("", 0);
            if (count > 0)
            {
                Add(found, study, type, words[index].Start, words[index + count - 1].End);
                index += count - 1;
            }
        }

        found.Sort((left, right) => left.Start.CompareTo(right.Start));
        return found;
    }

    private static void Add(List<EntityFinding> found, Study study, string type, int start, int end)
    {
        if (end > start && found.Count < PerTodo && !found.Any(other => start < other.Start + other.Length && other.Start < end))
        {
            found.Add(new(type, study.Text[start..end], study.Todo.Id, start, end - start));
        }
    }

    private static (string, int)? Organisation(IReadOnlyList<TextWord> words, int index)
    {
        var word = words[index];
        if (Names.Organisations.Contains(word.Word) && (!Names.DoubtfulOrganisations.Contains(word.Word) || (word.IsCapital && !word.Opens)))
        {
            return ("organisation", index + 1 < words.Count && !words[index + 1].NewClause && words[index + 1].IsCapital && Names.LegalForms.Contains(words[index + 1].Word) ? 2 : 1);
        }

        if (!word.IsCapital || (word.Opens && Names.OpeningVerbs.Contains(word.Word)))
        {
            return null;
        }

        // "Nordlicht GmbH", "Blue River Bank", up to three capitals before what tells.
        for (var count = 1; count <= 3 && index + count < words.Count; count++)
        {
            var next = words[index + count];
            if (!next.IsCapital || next.NewClause)
            {
                return null;
            }

            if ((Names.LegalForms.Contains(next.Word) && next.Text.Length > 1) || (Names.Institutions.Contains(next.Word) && !(word.Opens && count == 1)))
            {
                return ("organisation", count + 1);
            }
        }

        return null;
    }

    private static (string, int)? Place(IReadOnlyList<TextWord> words, int index, string tongue)
    {
        var word = words[index];
        if (word.Word is "new" or "los" or "san" or "bad" && word.IsCapital && index + 1 < words.Count && words[index + 1] is { IsCapital: true, NewClause: false } next
            && (word.Word, next.Word) is ("new", "york" or "zealand" or "orleans" or "delhi") or ("los", "angeles") or ("san", "francisco" or "diego") or ("bad", _))
        {
            return word.Word == "bad" && tongue != Tongue.German ? null : ("place", 2);
        }

        if (!word.IsCapital || !Names.Places.Contains(word.Word))
        {
            return null;
        }

        var led = index > 0 && words[index - 1].Word is "in" or "nach" or "to" or "from" or "aus" or "von" or "near" or "bei";
        return !Names.DoubtfulPlaces.Contains(word.Word) || led ? ("place", 1) : null;
    }

    private static (string, int)? Person(IReadOnlyList<TextWord> words, int index, string tongue)
    {
        var word = words[index];
        if (Names.Titles.Contains(word.Word) && Capital(words, index + 1) is { } titled && !IsCalendar(titled, tongue))
        {
            // "Dr. Anna Weber" after "Dr.", and "Frau Dr. Weber".
            var count = 2;
            while (count < 4 && Capital(words, index + count, afterTitle: Names.Titles.Contains(words[index + count - 1].Word)) is { } more && (Names.Last.Contains(more.Word) || Names.Titles.Contains(words[index + count - 1].Word)))
            {
                count++;
            }

            return word.IsCapital || tongue == Tongue.English ? ("person", count) : null;
        }

        if (word.IsCapital && Names.First.Contains(word.Word) && word.Word is not ("will" or "mark" or "grace" or "max" or "may" or "lange" or "jack" or "rolf")
            && word.Text.Length > 1)
        {
            return ("person", HasSurname(words, index, tongue) ? 2 : 1);
        }

        if (word.IsCapital && word.Word is "max" or "mark" or "will" or "jack" or "grace" or "rolf" && (!word.Opens || HasSurname(words, index, tongue)))
        {
            return ("person", HasSurname(words, index, tongue) ? 2 : 1);
        }

        // In English a capital after "call" is a name; in German every noun has one.
        if (tongue == Tongue.English && word.IsCapital && !word.Opens && index > 0 && !word.NewClause && Names.EnglishLeads.Contains(words[index - 1].Word)
            && word.Word.Length > 2 && !IsCalendar(word, tongue) && !word.Text.All(char.IsUpper) && Topics.TopicLexicon.Of(word.Word, tongue).Length == 0)
        {
            return ("person", Capital(words, index + 1) is { } last && !IsCalendar(last, tongue) ? 2 : 1);
        }

        return null;
    }

    private static bool HasSurname(IReadOnlyList<TextWord> words, int index, string tongue) =>
        Capital(words, index + 1) is { } next && !IsCalendar(next, tongue) && (tongue == Tongue.English ? !Names.Places.Contains(next.Word) : Names.Last.Contains(next.Word));

    /// <summary>The word if it is written with a capital and belongs to the same clause; the full stop of "Dr." parts nothing.</summary>
    private static TextWord? Capital(IReadOnlyList<TextWord> words, int index, bool afterTitle = false) =>
        index < words.Count && words[index].IsCapital && words[index].Text.Length > 1
        && (!words[index].NewClause || afterTitle || Names.Titles.Contains(words[index - 1].Word)) ? words[index] : null;

    private static bool IsCalendar(TextWord word, string tongue)
    {
        var grammar = tongue == Tongue.German ? Grammar.German : Grammar.English;
        return grammar.Weekday(word.Word) is not null || grammar.Month(word.Word) is not null;
    }
}
