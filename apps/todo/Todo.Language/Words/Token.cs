namespace Todo.Language.Words;

/// <summary>
/// A run of characters between blanks. <see cref="Core"/> leaves out the punctuation that closes it, so that "tomorrow," is
/// the word "tomorrow"; <see cref="Word"/> is the core in lower case.
/// </summary>
internal readonly record struct Token(int Start, int Length, string Text, string Core, string Word, bool Closed)
{
    public int End => Start + Length;

    /// <summary>Punctuation stands between this word and the next one.</summary>
    public bool EndsClause => Core.Length < Text.Length;
}
