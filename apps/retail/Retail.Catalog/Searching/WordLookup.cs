using Npgsql;
using Slipway.Sdk.Database;

namespace Retail.Catalog.Searching;

/// <summary>A word somebody typed, and those it may have been meant to be when no product has it.</summary>
internal sealed record LookedUpWord(string Word, bool IsKnown, bool IsStop, IReadOnlyList<string> Similar);

internal static class WordLookup
{
    /// <summary>How much worse than the best guess another guess may be.</summary>
    private const float Near = 0.85f;

    private const float ScoreMin = 0.34f;

    public static async Task<List<LookedUpWord>> FindAsync(NpgsqlConnection connection, IReadOnlyList<string> words, CancellationToken cancellation) =>
        words.Count == 0
            ? []
            : await connection.Command(
                """
                select i.word, k.known, numnode(plainto_tsquery('english', i.word)) = 0 or numnode(plainto_tsquery('german', i.word)) = 0, s.words, s.scores
                from unnest($1::text[]) with ordinality i(word, place)
                cross join lateral (
                    select exists (select 1 from search_words w where w.word ~>=~ i.word and w.word ~<~ (i.word || chr(65533))) as known
                ) k
                left join lateral (
                    select array_agg(g.word order by g.score desc, g.word) as words, array_agg(g.score order by g.score desc, g.word) as scores from (
                        select w.word, greatest(similarity(w.word, i.word), word_similarity(i.word, w.word)) as score
                        from search_words w where not k.known and length(i.word) >= $2 and (w.word % i.word or i.word <% w.word)
                        order by score desc, w.word limit 4
                    ) g
                ) s on true
                order by i.place
                """,
                words, SearchWords.LengthMin).ListAsync(Read, cancellation);

    private static LookedUpWord Read(NpgsqlDataReader row)
    {
        var (words, scores) = row.IsDBNull(3) ? ([], []) : (row.GetFieldValue<string[]>(3), row.GetFieldValue<float[]>(4));
        var similar = words.Where((_, at) => scores[at] >= ScoreMin && scores[at] >= scores[0] * Near);
        return new LookedUpWord(row.GetString(0), row.GetBoolean(1), row.GetBoolean(2), [.. similar]);
    }
}
