using System.Buffers;
using System.Text.Json;
using Npgsql;
using Titanic.Api.Listing;
using Titanic.Api.Tenants;

namespace Titanic.Api.Statistics;

/// <summary>Counts, survival, average age and fare, of all people a filter lets through and of each group among them.</summary>
internal sealed class PeopleStatistics(TenantData data)
{
    private const string Sums = "count(*), count(*) filter (where p.survived), sum(p.age)::bigint, count(p.age), sum(p.fare)::bigint";

    /// <summary>As JSON: a group's values can be of any type, and nothing else is done with them.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(Tenant tenant, PeopleFilter filter, IReadOnlyList<Grouping> groups, CancellationToken cancellation)
    {
        var conditions = new PeopleConditions(filter);
        var keys = string.Concat(groups.Select(group => group.Sql + ", "));
        var places = string.Join(", ", Enumerable.Range(1, groups.Count));
        var sql = groups.Count == 0
            ? $"select {Sums} from people p where {conditions.All}"
            : $"select {keys}{Sums} from people p where {conditions.All} group by {places} order by {places}";
        return await data.ReadAsync(tenant, "stats", [new Question(sql, conditions.Values)], (reader, token) => WriteAsync(reader, groups, token), cancellation);
    }

    private static async Task<ReadOnlyMemory<byte>> WriteAsync(NpgsqlDataReader reader, IReadOnlyList<Grouping> groups, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(2_048);
        using (var json = new Utf8JsonWriter(buffer))
        {
            var all = default(Figures);
            json.WriteStartObject();
            json.WriteStartArray("groupBy"u8);
            foreach (var group in groups)
            {
                json.WriteStringValue(group.Name);
            }

            json.WriteEndArray();
            json.WriteStartArray("items"u8);
            while (await reader.ReadAsync(cancellation))
            {
                var figures = Figures.Read(reader, groups.Count);
                all += figures;
                if (groups.Count > 0)
                {
                    WriteGroup(json, reader, groups, figures);
                }
            }

            json.WriteEndArray();
            json.WriteStartObject("all"u8);
            all.Write(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteGroup(Utf8JsonWriter json, NpgsqlDataReader reader, IReadOnlyList<Grouping> groups, Figures figures)
    {
        json.WriteStartObject();
        json.WriteStartObject("group"u8);
        for (var at = 0; at < groups.Count; at++)
        {
            json.WritePropertyName(groups[at].Name);
            groups[at].Write(json, reader, at);
        }

        json.WriteEndObject();
        figures.Write(json);
        json.WriteEndObject();
    }

    private readonly record struct Figures(long Count, long Survived, long Ages, long Aged, long Fares)
    {
        public static Figures Read(NpgsqlDataReader row, int at) =>
            new(row.GetInt64(at), row.GetInt64(at + 1), row.IsDBNull(at + 2) ? 0 : row.GetInt64(at + 2), row.GetInt64(at + 3), row.IsDBNull(at + 4) ? 0 : row.GetInt64(at + 4));

        public static Figures operator +(Figures one, Figures other) =>
            new(one.Count + other.Count, one.Survived + other.Survived, one.Ages + other.Ages, one.Aged + other.Aged, one.Fares + other.Fares);

        public void Write(Utf8JsonWriter json)
        {
            json.WriteNumber("count"u8, Count);
            json.WriteNumber("survived"u8, Survived);
            Ratio(json, "survivalRate"u8, Survived, Count, 1, 4);
            Ratio(json, "averageAge"u8, Ages, Aged, 100m, 2);
            Ratio(json, "averageFare"u8, Fares, Count, 10_000m, 4);
        }

        /// <summary>Nobody has no average.</summary>
        private static void Ratio(Utf8JsonWriter json, ReadOnlySpan<byte> name, long sum, long count, decimal scale, int digits)
        {
            if (count == 0)
            {
                json.WriteNull(name);
            }
            else
            {
                json.WriteNumber(name, Math.Round(sum / scale / count, digits, MidpointRounding.ToEven));
            }
        }
    }
}
