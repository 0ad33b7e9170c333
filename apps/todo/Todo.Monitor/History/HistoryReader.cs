using Npgsql;
using Slipway.Sdk.Database;
using Todo.Monitor.Status;

namespace Todo.Monitor.History;

/// <summary>Reads what checks have written.</summary>
internal sealed class HistoryReader(Database database)
{
    private const int IncidentsShown = 50;

    public Task<StatusPicture> PictureAsync(DateTimeOffset now, CancellationToken cancellation) => database.ReadAsync(
        async (connection, token) => new StatusPicture(
            now,
            await ServicesAsync(connection, now, token),
            await IncidentsAsync(connection, now, token)),
        cancellation);

    public Task<List<MinuteRow>> MinutesAsync(string? service, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) => database.ReadAsync(
        (connection, token) => connection.Command(
            """
            select service, minute, status, latency_ms, error from checks
            where ($1::text is null or service = $1) and minute >= $2 and minute < $3 order by service, minute
            """,
            service, from, to).ListAsync(ReadMinute, token),
        cancellation);

    public Task<List<DayRow>> DaysAsync(string? service, DateOnly from, DateOnly to, CancellationToken cancellation) => database.ReadAsync(
        (connection, token) => connection.Command(
            """
            select service, day, up, down, idle, latency_ms_average from days where ($1::text is null or service = $1) and day >= $2 and day < $3
            union all
            select service, (minute at time zone 'UTC')::date, (count(*) filter (where status = 'up'))::integer, (count(*) filter (where status = 'down'))::integer,
                   (count(*) filter (where status = 'idle'))::integer, avg(latency_ms)::integer
            from checks
            where ($1::text is null or service = $1) and minute >= greatest($2::date, coalesce((select max(day) + 1 from days), $2::date))::timestamp at time zone 'UTC'
                and minute < $3::date::timestamp at time zone 'UTC'
            group by 1, 2
            order by 1, 2
            """,
            service, from, to).ListAsync(ReadDay, token),
        cancellation);

    public Task<bool> KnowsAsync(string service, CancellationToken cancellation) => database.ReadAsync(
        (connection, token) => connection.Command("select true from trails where service = $1", service).OneAsync(row => row.GetBoolean(0), token),
        cancellation);

    /// <summary>Whole days come from their sums, today's from its minutes, so that thirty days cost little.</summary>
    private static Task<List<ServicePicture>> ServicesAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellation) => connection.Command(
        """
        select t.service, t.url, t.last_status, t.last_latency_ms, t.last_error, t.last_at, m.up24, m.down24, m.up_new + coalesce(d.up, 0), m.down_new + coalesce(d.down, 0)
        from trails t
        cross join lateral (select coalesce(max(day) + 1, ($1::timestamptz at time zone 'UTC')::date - 29)::timestamp at time zone 'UTC' as fresh from days) s
        cross join lateral (
            select count(*) filter (where status <> 'down' and minute > $1::timestamptz - interval '24 hours') as up24,
                   count(*) filter (where status = 'down' and minute > $1::timestamptz - interval '24 hours') as down24,
                   count(*) filter (where status <> 'down' and minute >= s.fresh) as up_new,
                   count(*) filter (where status = 'down' and minute >= s.fresh) as down_new
            from checks c where c.service = t.service and c.minute >= least(s.fresh, $1::timestamptz - interval '24 hours') and c.minute <= $1
        ) m
        left join lateral (
            select sum(up + idle) as up, sum(down) as down from days where days.service = t.service and day >= ($1::timestamptz at time zone 'UTC')::date - 29
        ) d on true
        where t.last_at > $1::timestamptz - interval '30 days'
        order by t.service
        """,
        now).ListAsync(
        row => new ServicePicture(
            row.GetString(0),
            row.GetString(1),
            row.GetString(2),
            row.OrNull<int>(3),
            row.TextOrNull(4),
            row.GetFieldValue<DateTimeOffset>(5),
            new(row.GetInt64(6), row.GetInt64(7)),
            new(row.GetInt64(8), row.GetInt64(9))),
        cancellation);

    private static Task<List<IncidentRow>> IncidentsAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellation) => connection.Command(
        """
        select id, service, started_at, ended_at, cause from incidents where ended_at is null or ended_at > $1::timestamptz - interval '30 days'
        order by ended_at is not null, started_at desc, id limit $2
        """,
        now, IncidentsShown).ListAsync(
        row => new IncidentRow(row.GetGuid(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.OrNull<DateTimeOffset>(3), row.GetString(4)),
        cancellation);

    private static MinuteRow ReadMinute(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.OrNull<int>(3), row.TextOrNull(4));

    private static DayRow ReadDay(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetFieldValue<DateOnly>(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.OrNull<int>(5));
}
