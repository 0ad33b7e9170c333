using Npgsql;
using Slipway.Sdk.Database;
using Titanic.Api.People;
using Titanic.Api.Tenants;

namespace Titanic.Api.Searching;

/// <summary>A word as it was typed and the words of names it was led to.</summary>
internal sealed record TypedWord(string Typed, IReadOnlyList<MatchedWord> Matches);

/// <param name="People">How many have it, counted to a bound.</param>
internal sealed record MatchedWord(string Word, double Score, long People);

internal sealed record FoundPerson(Person Person, double Score);

/// <param name="Complete">False if more people have these words than were looked at.</param>
internal sealed record FoundPeople(IReadOnlyList<FoundPerson> People, IReadOnlyList<TypedWord> Words, bool Complete);

/// <summary>
/// Finds people by words of their names. Typed words are led to words of the vocabulary first, and those to people: row-level security lets
/// no full-text index be used, since its operators might tell of rows that are not shown, while looking up a word as it is tells nothing.
/// The vocabulary is also small where the list is long, so misspelt words are compared with thousands of words instead of all names.
/// </summary>
internal sealed class NameSearch(TenantData data)
{
    public const int PeopleMax = 200;

    /// <summary>Shorter words have too few groups of letters to be compared by them.</summary>
    public const int FuzzyLettersMin = 3;

    private const int CountedMax = 1_000;
    private const int CandidatesMax = 2_000;

    /// <summary>Words of the beginning of which the last typed one may be.</summary>
    private const int BeginningsMax = 50;

    private const int SimilarMax = 10;
    private const int VocabularyMax = 20_000;
    private const string SimilarEnough = "0.35";

    private static readonly string s_words =
        $"""
        select t.place::int, m.word, m.score, (select count(*) from (select 1 from person_words w where w.word = m.word limit {CountedMax + 1}) c)
        from (select lower(unaccent(typed)) as typed, place from unnest($1::text[]) with ordinality u(typed, place)) t cross join lateral (
            (select n.word, 1.0::float8 as score from name_words n where n.word = t.typed)
            union all
            (select n.word, 0.5 + 0.5 * length(t.typed) / length(n.word)::float8 from name_words n
             where $2 and t.place = $3 and n.word > t.typed and n.word < t.typed || chr(1114111) order by n.word limit {BeginningsMax})
            union all
            (select s.word, s.score from (
                select v.word, similarity(v.word, t.typed)::float8 as score from (
                    select n.word from name_words n where length(n.word) between length(t.typed) - 3 and length(t.typed) + 3 limit {VocabularyMax}) v
             ) s where not $2 and length(t.typed) >= {FuzzyLettersMin} and s.word <> t.typed and s.score >= {SimilarEnough} order by s.score desc, s.word limit {SimilarMax})
        ) m order by 1, 3 desc, 2
        """;

    public async Task<FoundPeople> FindAsync(Tenant tenant, string text, bool fuzzy, int limit, CancellationToken cancellation)
    {
        var typed = Words.Of(text);
        var rows = await data.ListAsync(
            tenant, "searchWords", new Question(s_words, typed.ToArray(), !fuzzy, (long)typed.Count),
            row => (Place: row.GetInt32(0), Word: new MatchedWord(row.GetString(1), row.GetDouble(2), row.GetInt64(3))), cancellation);
        var words = typed.Select((word, at) => new TypedWord(word, [.. rows.Where(row => row.Place == at + 1).Select(row => row.Word)])).ToList();
        if (words.Count == 0 || words.Exists(word => word.Matches.Count == 0))
        {
            return new FoundPeople([], words, Complete: true);
        }

        // Whoever has the rarest word is looked at for the others.
        var rarest = words.MinBy(word => word.Matches.Sum(match => match.People))!;
        var perWord = Math.Max(100, CandidatesMax / rarest.Matches.Count);
        var people = await data.ListAsync(tenant, "searchPeople", Ask(words, rarest, perWord, limit), row => new FoundPerson(PersonRows.Read(row), row.GetDouble(PersonRows.Count)), cancellation);
        return new FoundPeople(people, words, rarest.Matches.All(match => match.People < perWord));
    }

    private static Question Ask(List<TypedWord> words, TypedWord rarest, int perWord, int limit)
    {
        var values = new List<object?> { Spellings(rarest), Scores(rarest), perWord, limit };
        var (score, others) = ("c.score", "");
        foreach (var word in words.Where(word => word != rarest))
        {
            values.AddRange([Spellings(word), Scores(word)]);
            var name = $"o{values.Count}";
            others +=
                $"""
                 cross join lateral (select max(g.score) as score from unnest(${values.Count - 1}::text[], ${values.Count}::float8[]) g(word, score)
                    where exists (select from person_words w where w.word = g.word and w.passenger_id = c.passenger_id) having count(*) > 0) {name}
                """;
            score += $" + {name}.score";
        }

        return new Question(
            $"""
            select {PersonRows.Columns}, ({score}) / {words.Count} as score from (
                select k.passenger_id, max(g.score) as score from unnest($1::text[], $2::float8[]) g(word, score) cross join lateral (
                    select w.passenger_id from person_words w where w.word = g.word order by w.passenger_id limit $3) k
                group by 1
            ) c{others} join people p on p.passenger_id = c.passenger_id
            where p.deleted_at is null order by score desc, p.passenger_id limit $4
            """,
            [.. values]);
    }

    private static string[] Spellings(TypedWord word) => [.. word.Matches.Select(match => match.Word)];

    private static double[] Scores(TypedWord word) => [.. word.Matches.Select(match => match.Score)];
}
