using System.Globalization;
using Npgsql;
using Slipway.Sdk.Database;

namespace Titanic.Api.People;

/// <summary>People as the database holds them.</summary>
internal static class PersonRows
{
    private const decimal AgeScale = 100m;
    private const decimal FareScale = 10_000m;

    /// <summary>In the order <see cref="Read"/> takes them; as p where there is more than one table.</summary>
    public const string Columns =
        "p.uuid, p.passenger_id, p.survived, p.class, p.name, p.sex, p.age, p.siblings_or_spouses, p.parents_or_children, p.ticket, p.fare, p.cabin, p.embarked, "
        + "p.hold_reason, p.created_at, p.updated_at, p.deleted_at, p.version";

    /// <summary>How many columns that are: what a list selects besides stands behind them.</summary>
    public const int Count = 18;

    public static string Find(PersonKey key) => $"select {Columns} from people p where p.{key.Condition}";

    public static Person Read(NpgsqlDataReader row) => new()
    {
        Uuid = row.GetGuid(0),
        PassengerId = row.GetInt32(1),
        Content = new PersonContent
        {
            Survived = row.GetBoolean(2),
            Class = row.GetInt32(3),
            Name = row.GetString(4),
            Sex = row.GetString(5),
            Age = row.IsDBNull(6) ? null : row.GetInt32(6) / AgeScale,
            SiblingsOrSpouses = row.GetInt32(7),
            ParentsOrChildren = row.GetInt32(8),
            Ticket = row.TextOrNull(9),
            Fare = row.GetInt64(10) / FareScale,
            Cabin = row.TextOrNull(11),
            Embarked = row.TextOrNull(12),
        },
        HoldReason = row.TextOrNull(13),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(14),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(15),
        DeletedAt = row.OrNull<DateTimeOffset>(16),
        Version = row.GetInt64(17),
    };

    public static int? StoredAge(decimal? age) => age is null ? null : (int)(age.Value * AgeScale);

    public static long StoredFare(decimal fare) => (long)(fare * FareScale);

    /// <summary>Also finds what was deleted. Nobody else changes it until the transaction ends.</summary>
    public static Task<Person?> LockAsync(NpgsqlTransaction transaction, PersonKey key, CancellationToken cancellation) =>
        transaction.Command(Find(key) + " for update", key.Value).OneAsync(Read, cancellation);

    /// <summary>Those who could be written; whose number is taken is left out.</summary>
    public static Task<List<Guid>> InsertAsync(NpgsqlTransaction transaction, IReadOnlyList<Person> people, CancellationToken cancellation) =>
        transaction.Command(
            """
            insert into people (uuid, passenger_id, survived, class, name, sex, age, siblings_or_spouses, parents_or_children, ticket, fare, cabin, embarked, created_at, updated_at, version)
            select * from unnest($1::uuid[], $2::int[], $3::bool[], $4::int[], $5::text[], $6::text[], $7::int[], $8::int[], $9::int[], $10::text[], $11::bigint[], $12::text[], $13::text[],
                $14::timestamptz[], $15::timestamptz[], $16::bigint[])
            on conflict (tenant, passenger_id) do nothing returning uuid
            """,
            Column(people, person => person.Uuid), Column(people, person => person.PassengerId), Column(people, person => person.Content.Survived),
            Column(people, person => person.Content.Class), Column(people, person => person.Content.Name), Column(people, person => person.Content.Sex),
            Column(people, person => StoredAge(person.Content.Age)), Column(people, person => person.Content.SiblingsOrSpouses),
            Column(people, person => person.Content.ParentsOrChildren), Column(people, person => person.Content.Ticket),
            Column(people, person => StoredFare(person.Content.Fare)), Column(people, person => person.Content.Cabin),
            Column(people, person => person.Content.Embarked), Column(people, person => person.CreatedAt.UtcDateTime),
            Column(people, person => person.UpdatedAt.UtcDateTime), Column(people, person => person.Version)).ListAsync(row => row.GetGuid(0), cancellation);

    public static Task<int> UpdateAsync(NpgsqlTransaction transaction, IReadOnlyList<Person> people, CancellationToken cancellation) =>
        transaction.Command(
            """
            update people p set survived = n.survived, class = n.class, name = n.name, sex = n.sex, age = n.age, siblings_or_spouses = n.siblings,
                parents_or_children = n.parents, ticket = n.ticket, fare = n.fare, cabin = n.cabin, embarked = n.embarked, updated_at = n.updated_at, version = n.version
            from unnest($1::uuid[], $2::bool[], $3::int[], $4::text[], $5::text[], $6::int[], $7::int[], $8::int[], $9::text[], $10::bigint[], $11::text[], $12::text[],
                $13::timestamptz[], $14::bigint[]) n(uuid, survived, class, name, sex, age, siblings, parents, ticket, fare, cabin, embarked, updated_at, version)
            where p.uuid = n.uuid
            """,
            Column(people, person => person.Uuid), Column(people, person => person.Content.Survived), Column(people, person => person.Content.Class),
            Column(people, person => person.Content.Name), Column(people, person => person.Content.Sex), Column(people, person => StoredAge(person.Content.Age)),
            Column(people, person => person.Content.SiblingsOrSpouses), Column(people, person => person.Content.ParentsOrChildren),
            Column(people, person => person.Content.Ticket), Column(people, person => StoredFare(person.Content.Fare)),
            Column(people, person => person.Content.Cabin), Column(people, person => person.Content.Embarked),
            Column(people, person => person.UpdatedAt.UtcDateTime), Column(people, person => person.Version)).ExecuteAsync(cancellation);

    /// <summary>
    /// A number nobody has. The sequence knows nothing of numbers that came with their passengers, so where it meets one it is moved behind all of them.
    /// </summary>
    public static async Task<int> NextNumberAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        const string Taken = "select n, exists (select from people where passenger_id = n) from nextval('passenger_numbers') s(m), lateral (select m::int) x(n)";
        var (number, taken) = await transaction.Command(Taken).OneAsync(row => (row.GetInt32(0), row.GetBoolean(1)), cancellation);
        return taken
            ? (await transaction.Command(
                "select setval('passenger_numbers', greatest((select last_value from passenger_numbers), (select max(passenger_id) from people)) + 1)::int")
                .OneAsync(row => row.GetInt32(0), cancellation))
            : number;
    }

    public static string Number(int passengerId) => passengerId.ToString(CultureInfo.InvariantCulture);

    private static TValue[] Column<TValue>(IReadOnlyList<Person> people, Func<Person, TValue> value)
    {
        var column = new TValue[people.Count];
        for (var at = 0; at < column.Length; at++)
        {
            column[at] = value(people[at]);
        }

        return column;
    }
}
