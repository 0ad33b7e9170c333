using Npgsql;
using Slipway.Sdk.Database;

namespace Todo.Api.Live;

/// <summary>A change as one person hears of it.</summary>
internal sealed record FeedRow(Guid UserId, string Kind, Guid Subject, Guid ListId, string Action, long Version, DateTimeOffset At);

/// <summary>Reads changes from one position to the next. Membership is looked up at the moment of reading.</summary>
internal static class FeedRows
{
    private const string Columns = "c.group_id, c.number, c.kind, c.subject_id, c.list_id, c.action, c.version, c.at";

    /// <param name="from">Null only asks where the feed is now.</param>
    /// <param name="to">Null reads up to now.</param>
    /// <returns>The position reached, and null instead of rows when there are more than anybody should be sent one by one.</returns>
    public static async Task<(string Snapshot, List<FeedRow>? Rows)> ReadAsync(
        NpgsqlConnection connection, string? from, string? to, Guid[] people, int max, CancellationToken cancellation)
    {
        if (from is null)
        {
            return ((await connection.Command("select pg_current_snapshot()::text").OneAsync(row => row.GetString(0), cancellation))!, []);
        }

        var unseen = "c.xid >= pg_snapshot_xmin($1::text::pg_snapshot) and not pg_visible_in_snapshot(c.xid, $1::text::pg_snapshot)"
            + (to is null ? "" : " and pg_visible_in_snapshot(c.xid, $4::text::pg_snapshot)");
        await using var command = connection.Command(
            $"""
            select s.snapshot::text, r.* from (select pg_current_snapshot() as snapshot) s left join lateral (
                select {Columns}, m.user_id from changes c join list_members m on m.list_id = c.list_id and m.user_id = any($2)
                where c.user_id is null and {unseen}
                union all
                select {Columns}, c.user_id from changes c where c.user_id = any($2) and {unseen}
                order by 1, 2 limit $3
            ) r on true
            """,
            from, people, max + 1);
        if (to is not null)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = to });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<FeedRow>();
        var snapshot = "";
        while (await reader.ReadAsync(cancellation))
        {
            snapshot = reader.GetString(0);
            if (!reader.IsDBNull(1))
            {
                rows.Add(new FeedRow(
                    reader.GetGuid(9), reader.GetString(3), reader.GetGuid(4), reader.GetGuid(5), reader.GetString(6), reader.GetInt64(7),
                    reader.GetFieldValue<DateTimeOffset>(8)));
            }
        }

        return (snapshot, rows.Count > max ? null : rows);
    }
}
