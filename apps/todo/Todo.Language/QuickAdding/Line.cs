using System.Globalization;
using Todo.Language.Words;

namespace Todo.Language.QuickAdding;

/// <summary>The words of a line and the moment it is read at, as the grammars look at them.</summary>
internal sealed class Line(IReadOnlyList<Token> tokens, DateTime now)
{
    private int _lookingAhead;

    /// <summary>Where the last day or repetition ended. A time right behind it needs no further proof.</summary>
    public int BehindDay { get; set; } = -1;

    public IReadOnlyList<Token> Tokens { get; } = tokens;

    /// <summary>The clock on the writer's wall.</summary>
    public DateTime Now { get; } = now;

    public DateOnly Today { get; } = DateOnly.FromDateTime(now);

    public int Count => Tokens.Count;

    /// <summary>The word at a place, or nothing beyond the ends and where a word is closed.</summary>
    public string Word(int index) => index >= 0 && index < Tokens.Count && !Tokens[index].Closed ? Tokens[index].Word : "";

    /// <summary>The word some places further on, or nothing if punctuation stands between.</summary>
    public string Word(int first, int offset)
    {
        for (var index = first; index < first + offset; index++)
        {
            if (index >= Tokens.Count || Tokens[index].EndsClause)
            {
                return "";
            }
        }

        return Word(first + offset);
    }

    /// <summary>The word before, if it belongs to the same clause.</summary>
    public string Before(int index) => index > 0 && !Tokens[index - 1].EndsClause ? Word(index - 1) : "";

    /// <summary>The word is written with this sign at its end.</summary>
    public bool EndsWith(int index, char sign) => index >= 0 && index < Tokens.Count && Tokens[index].Text[^1] == sign;

    public bool IsCapital(int index) => index >= 0 && index < Tokens.Count && char.IsUpper(Tokens[index].Text[0]);

    /// <summary>
    /// No plain word follows: the line or the clause ends, or another meaning begins. "Weekly" in "weekly report" says
    /// something about the report, in "Report weekly #work" about the todo.
    /// </summary>
    public bool IsSettled(int next, Grammar grammar)
    {
        if (next >= Tokens.Count || (next > 0 && Tokens[next - 1].EndsClause) || Symbols.At(Tokens, next) is not null)
        {
            return true;
        }

        // Meanings may lean on each other, but not without end.
        if (_lookingAhead >= 2)
        {
            return false;
        }

        _lookingAhead++;
        var settled = grammar.RepetitionAt(this, next) is not null || grammar.DateAt(this, next) is not null || grammar.TimeAt(this, next) is not null;
        _lookingAhead--;
        return settled;
    }

    /// <summary>A plain number of at most four digits.</summary>
    public static int? Number(string word) =>
        word.Length is > 0 and <= 4 && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
