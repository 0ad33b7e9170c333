using System.Text.RegularExpressions;

namespace Slipway.Sdk.Database;

/// <summary>One statement of a script and the line it begins in, so that an error can be found.</summary>
internal sealed record SqlStatement(string Text, int Line);

/// <summary>
/// Cuts a script into its statements. Each is sent alone: several in one message are one transaction to the server, and
/// what must run outside of one would be refused.
/// </summary>
internal static partial class SqlStatements
{
    public static IReadOnlyList<SqlStatement> Split(string sql)
    {
        var statements = new List<SqlStatement>();
        var start = 0;
        var at = 0;
        while (at < sql.Length)
        {
            if (sql[at] == ';')
            {
                Add(statements, sql, start, at);
                start = ++at;
            }
            else
            {
                at = Next(sql, at);
            }
        }

        Add(statements, sql, start, sql.Length);
        return statements;
    }

    /// <summary>The index that a <c>create index concurrently</c> makes, as it is written.</summary>
    public static string? ConcurrentIndex(string statement)
    {
        var match = CreateIndexConcurrently().Match(WithoutLeadingComments(statement));
        return match.Success ? match.Groups["name"].Value : null;
    }

    private static void Add(List<SqlStatement> statements, string sql, int start, int end)
    {
        var body = WithoutLeadingComments(sql[start..end]);
        if (body.Length > 0)
        {
            var begins = end - (sql[start..end].Length - sql[start..end].LastIndexOf(body, StringComparison.Ordinal));
            statements.Add(new SqlStatement(body.TrimEnd(), sql.AsSpan(0, begins).Count('\n') + 1));
        }
    }

    private static string WithoutLeadingComments(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else if (IsAt(text, at, "--") || IsAt(text, at, "/*"))
            {
                at = Next(text, at);
            }
            else
            {
                break;
            }
        }

        return text[at..];
    }

    /// <summary>The place after whatever begins here: a comment, a quoted text, a dollar-quoted body or one character.</summary>
    private static int Next(string sql, int at)
    {
        switch (sql[at])
        {
            case '-' when IsAt(sql, at, "--"):
                return After(sql, "\n", at + 2);
            case '/' when IsAt(sql, at, "/*"):
                return AfterComment(sql, at);
            case '\'':
                return AfterQuoted(sql, at, backslashes: at > 0 && sql[at - 1] is 'e' or 'E' && (at < 2 || !IsWord(sql[at - 2])));
            case '"':
                return After(sql, "\"", at + 1);
            case '$' when at == 0 || !IsWord(sql[at - 1]):
                var tag = DollarTag().Match(sql, at);
                return tag.Success ? After(sql, tag.Value, at + tag.Length) : at + 1;
            default:
                return at + 1;
        }
    }

    private static int AfterComment(string sql, int at)
    {
        var depth = 0;
        while (at < sql.Length)
        {
            if (IsAt(sql, at, "/*"))
            {
                (depth, at) = (depth + 1, at + 2);
            }
            else if (IsAt(sql, at, "*/"))
            {
                at += 2;
                if (--depth == 0)
                {
                    return at;
                }
            }
            else
            {
                at++;
            }
        }

        return at;
    }

    private static int AfterQuoted(string sql, int at, bool backslashes)
    {
        for (at++; at < sql.Length; at++)
        {
            if (backslashes && sql[at] == '\\')
            {
                at++;
            }
            else if (sql[at] == '\'')
            {
                return at + 1;
            }
        }

        return sql.Length;
    }

    private static int After(string sql, string end, int from)
    {
        var found = from > sql.Length ? -1 : sql.IndexOf(end, from, StringComparison.Ordinal);
        return found < 0 ? sql.Length : found + end.Length;
    }

    private static bool IsAt(string sql, int at, string what) => string.CompareOrdinal(sql, at, what, 0, what.Length) == 0;

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character is '_' or '$';

    [GeneratedRegex(@"\G\$([A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$", RegexOptions.CultureInvariant)]
    private static partial Regex DollarTag();

    [GeneratedRegex(
        @"\Acreate\s+(unique\s+)?index\s+concurrently\s+(if\s+not\s+exists\s+)?(?!on\s)(?<name>(""[^""]+""|[\w$]+)(\.(""[^""]+""|[\w$]+))?)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex CreateIndexConcurrently();
}
