namespace Todo.Api.Transfer;

/// <summary>
/// Spreadsheets run cells that begin like a formula. Such a text gets an apostrophe in front, also when it has some already, so that
/// reading the file back gives exactly what was written.
/// </summary>
internal static class FormulaGuard
{
    public static string Guard(string text) => LooksLikeFormula(text) ? "'" + text : text;

    public static string Unguard(string text) => text.StartsWith('\'') && LooksLikeFormula(text) ? text[1..] : text;

    private static bool LooksLikeFormula(string text) => text.AsSpan().TrimStart('\'') is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..];
}
