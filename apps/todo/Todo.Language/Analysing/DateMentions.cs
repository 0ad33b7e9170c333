using Todo.Language.QuickAdding;
using Todo.Language.Words;

namespace Todo.Language.Analysing;

/// <summary>Every day, time and repetition a todo speaks of, also those that are not when it is due.</summary>
internal static class DateMentions
{
    private const int PerTodo = 20;

    public static IEnumerable<DateFinding> Of(Study study, DateTime now)
    {
        var line = new Line(Tokens.Of(study.Text), now);
        var grammar = study.Tongue == Tongue.German ? Grammar.German : Grammar.English;
        var found = 0;
        for (var index = 0; index < line.Count && found < PerTodo;)
        {
            var meaning = grammar.RepetitionAt(line, index) ?? grammar.DateAt(line, index) ?? grammar.TimeAt(line, index);
            if (meaning is null or { Kind: "unclear" })
            {
                index = meaning?.After ?? index + 1;
                continue;
            }

            // "tomorrow 15:00" is one mention.
            var time = meaning.Kind == "time" ? null : grammar.TimeAt(line, meaning.After);
            var last = line.Tokens[(time ?? meaning).After - 1];
            var start = line.Tokens[meaning.First].Start;
            var end = last.Start + last.Core.Length;
            if (meaning.Kind != "time" || meaning.Certain)
            {
                found++;
                yield return new(
                    study.Todo.Id, study.Text[start..end], start, end - start, meaning.Date, time?.Time ?? meaning.Time ?? meaning.ImpliedTime, meaning.Repetition?.ToRule());
            }

            index = (time ?? meaning).After;
        }
    }
}
