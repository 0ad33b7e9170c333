using System.Text.RegularExpressions;
using Npgsql;

namespace Slipway.Sdk.Database;

/// <summary>What the span of a statement is called: what it does to which table, as in <c>insert todo.todos</c>.</summary>
internal static partial class StatementName
{
    private const string Commit = "commit";

    /// <summary>A statement that writes is named after that, whatever it reads on the way.</summary>
    public static string Of(string sql)
    {
        if (Writes().Match(sql) is { Success: true } write)
        {
            return $"{write.Groups["verb"].Value.ToLowerInvariant()} {write.Groups["table"].Value}";
        }

        var verb = Verb().Match(sql).Groups["verb"].Value.ToLowerInvariant();
        return verb is "select" or "with" && Reads().Match(sql) is { Success: true } read ? $"select {read.Groups["table"].Value}"
            : verb.Length > 0 ? verb
            : "statement";
    }

    public static string Of(NpgsqlBatch batch) =>
        batch.BatchCommands.Count == 0 ? "batch" : batch.BatchCommands[^1].CommandText == Commit ? Commit : Of(batch.BatchCommands[0].CommandText);

    [GeneratedRegex("""\b(?:(?<verb>insert|merge)\s+into|(?<verb>delete)\s+from|(?<verb>update))\s+(?:only\s+)?(?<table>(?!(?:set|skip|nowait|of)\b)[a-z_][a-z0-9_$.]*)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Writes();

    [GeneratedRegex("""\bfrom\s+(?:only\s+)?(?<table>[a-z_][a-z0-9_$.]*)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reads();

    [GeneratedRegex("""^\s*(?:--[^\n]*\n\s*)*(?<verb>[a-z]+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Verb();
}
