namespace Todo.Language.Words;

/// <summary>
/// A run of characters between blanks. <see cref="Core"/> leaves out the punctuation that closes it, so that "tomorrow," is
/// the word "tomorrow"; <see cref="Word"/> is the core in lower case.
/// </summary>
internal readonly record struct Token(int Start, string Text, string Core, string Word)
{
    /// <summary>A backslash before the word: it is to be taken literally.</summary>
    public bool Escaped { get; init; }

    /// <summary>Part of a quotation, which is somebody else's text and no instruction.</summary>
    public bool Quoted { get; init; }

    public bool Closed => Escaped || Quoted;

    /// <summary>
    /// Punctuation parts this word from the next one. A full stop behind a number or an abbreviation ("5. Januar", "Sept. 3")
    /// does not.
    /// </summary>
    public bool EndsClause => Core.Length < Text.Length && (Text[^1] != '.' || Core.Length > 4);
}
