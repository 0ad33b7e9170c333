using Slipway.Sdk.Database;

namespace Todo.Monitor.History;

/// <summary>Minutes are kept for weeks, days for more than a year. A day is summed up once it is over, long before its minutes go.</summary>
internal sealed class Retention(Database database, MonitorSettings settings)
{
    public Task KeepAsync(DateTimeOffset now, CancellationToken cancellation) => database.WriteAsync(
        async (transaction, token) =>
        {
            var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
            await transaction.Command(
                """
                insert into days (service, day, up, down, idle, latency_ms_average)
                select service, (minute at time zone 'UTC')::date, count(*) filter (where status = 'up'), count(*) filter (where status = 'down'),
                       count(*) filter (where status = 'idle'), avg(latency_ms)::integer
                from checks
                where minute < $1 and minute >= coalesce((select (max(day) + 1)::timestamp at time zone 'UTC' from days), '-infinity')
                group by 1, 2
                on conflict (service, day) do nothing
                """,
                today).ExecuteAsync(token);
            await transaction.Command("delete from checks where minute < $1", today.AddDays(-settings.MinuteDays)).ExecuteAsync(token);
            await transaction.Command("delete from days where day < $1", DateOnly.FromDateTime(today.UtcDateTime).AddDays(-settings.DayDays)).ExecuteAsync(token);
            await transaction.Command("delete from incidents where ended_at < $1", today.AddDays(-settings.DayDays)).ExecuteAsync(token);
            await transaction.Command("delete from trails where last_at < $1", today.AddDays(-settings.DayDays)).ExecuteAsync(token);
        },
        cancellation);
}
