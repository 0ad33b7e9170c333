using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Slipway.Sdk.Hosting;

namespace Slipway.Retail.Reservations.Bench;

/// <summary>Row locks against conditional updates: one SKU that everybody wants, and orders of several lines.</summary>
internal static class Program
{
    private const int Orders = 2000;
    private const int AtOnce = 16;
    private const int Rounds = 5;

    public static async Task Main()
    {
        await using var postgres = new TestPostgres();
        var database = await postgres.DatabaseAsync();
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.Address.ConnectionString)
        {
            MaxPoolSize = AtOnce, MinPoolSize = AtOnce, MaxAutoPrepare = 20, AutoPrepareMinUsages = 2, CommandTimeout = 120, Timeout = 60,
        });
        await database.ExecuteAsync(
            """
            create table stock (sku text primary key, quantity bigint not null, reserved bigint not null check (reserved <= quantity));
            create table orders (id uuid primary key);
            create table ledger (order_id uuid not null, sku text not null, delta bigint not null);
            """);
        Contender[] contenders = [new RowLocks(), new ConditionalUpdates()];
        foreach (var (scene, lines, skus, pieces) in new[] { ("one SKU, 100 pieces", 1, 1, 100), ("3 of 50 SKUs, enough of each", 3, 50, 1_000_000), ("8 of 50 SKUs, enough of each", 8, 50, 1_000_000) })
        {
            var results = contenders.ToDictionary(contender => contender.Name, _ => new List<Result>());

            // In turn, so a busy moment of the machine falls on both; the first round warms up.
            for (var round = 0; round <= Rounds; round++)
            {
                foreach (var contender in contenders)
                {
                    await database.ExecuteAsync($"truncate stock, orders, ledger; insert into stock select 'SKU-' || lpad(n::text, 3, '0'), {pieces}, 0 from generate_series(1, {skus}) n; analyze stock");
                    var result = await RunAsync(source, contender, lines, skus, round);
                    if (round > 0)
                    {
                        results[contender.Name].Add(result);
                    }

                    var sound = await database.TextAsync("select count(*) from stock s where reserved <> (select coalesce(sum(delta), 0) from ledger l where l.sku = s.sku)");
                    Debug.Assert(sound == "0", "The ledger differs from the stock.");
                }
            }

            foreach (var (name, all) in results)
            {
                var median = all.OrderBy(result => result.PerSecond).ElementAt(all.Count / 2);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{scene,-30} {name,-20} {median.PerSecond,6:0} orders/s   p50 {median.Median,5:0.0} ms   p95 {median.At95,6:0.0} ms   held {median.Held}"));
            }
        }
    }

    private static async Task<Result> RunAsync(NpgsqlDataSource source, Contender contender, int lines, int skus, int seed)
    {
        var held = 0;
        var times = new ConcurrentBag<double>();
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, Orders), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            var random = new Random((seed * Orders) + number);
            var wanted = Enumerable.Range(1, skus).OrderBy(_ => random.Next()).Take(lines).Order().Select(sku => string.Create(CultureInfo.InvariantCulture, $"SKU-{sku:000}")).ToArray();
            var start = Stopwatch.GetTimestamp();
            if (await contender.ReserveAsync(source, Guid.CreateVersion7(), wanted))
            {
                Interlocked.Increment(ref held);
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        });
        var sorted = times.Order().ToList();
        return new Result(Orders / Stopwatch.GetElapsedTime(began).TotalSeconds, sorted[sorted.Count / 2], sorted[sorted.Count * 95 / 100], held);
    }

    private sealed record Result(double PerSecond, double Median, double At95, int Held);
}
