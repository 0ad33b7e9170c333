using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Retail.Contracts;
using Retail.Inventory.Reserving;
using Slipway.RetailInventory.Tests.Scenes;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.RetailInventory.Tests.Reserving;

/// <summary>Two thousand buyers of a hundred pieces, while the connections they use are killed under them.</summary>
public sealed class ContentionTests(StockScene scene) : IClassFixture<StockScene>
{
    private const int Pieces = 100;
    private const int Buyers = 2000;
    private const int AtOnce = 64;
    private const int KillsMax = 12;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Two_thousand_buyers_of_a_hundred_pieces_get_exactly_a_hundred(int seed)
    {
        await using var service = await scene.StartAsync(("DB_POOL_MAX", "16"), ("BREAKER", "off"), ("SLIPWAY_EVENTS", ""));
        var sku = await scene.StockedAsync(Pieces);
        var random = new Random(seed);
        var orders = Enumerable.Range(0, Buyers).Select(_ => Guid.CreateVersion7()).ToArray();
        random.Shuffle(orders);
        var answers = new ConcurrentDictionary<Guid, string>();
        using var limit = new CancellationTokenSource(s_patience);
        using var done = new CancellationTokenSource();
        var killing = KillAsync(random.Next(150, 250), done.Token);

        try
        {
            await Parallel.ForEachAsync(orders, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = limit.Token }, async (order, token) =>
                answers[order] = await BuyAsync(service.Services, order, sku, token));
        }
        finally
        {
            await done.CancelAsync();
        }

        var killed = await killing;

        var bought = answers.Where(answer => answer.Value == "held").Select(answer => answer.Key).ToHashSet();
        Assert.Equal((Pieces, Buyers - Pieces), (bought.Count, answers.Values.Count(status => status == "refused")));
        Assert.Equal((Pieces, Pieces), await scene.SumsAsync(sku));
        var held = await scene.Database.TextAsync(
            $"select string_agg(r.order_id::text, ',') from reservations r join reservation_lines l on l.order_id = r.order_id where r.status = 'held' and l.sku = '{sku}'");
        Assert.Equal(bought, held.Split(',').Select(Guid.Parse).ToHashSet());
        await scene.AssertBooksAsync();
        Assert.True(killed > 0, "No connection was killed, so nothing was proven.");
    }

    [Fact]
    public async Task Orders_of_the_same_things_in_another_order_never_wait_for_each_other_in_a_circle()
    {
        var skus = new List<string>();
        for (var count = 0; count < 4; count++)
        {
            skus.Add(await scene.StockedAsync(1000));
        }

        var deadlocks = await DeadlocksAsync();

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) =>
        {
            var random = new Random(number);
            var mixed = skus.ToArray();
            random.Shuffle(mixed);
            var order = Guid.CreateVersion7();
            await scene.OrderedAsync(order, [.. mixed.Select(sku => (sku, 1))]);
            await (number % 2 == 0 ? scene.ConfirmedAsync(order) : scene.CancelledAsync(order));
        });

        foreach (var sku in skus)
        {
            Assert.Equal((900, 0), await scene.SumsAsync(sku));
        }

        Assert.Equal(deadlocks, await DeadlocksAsync());
        await scene.AssertBooksAsync();
    }

    /// <summary>What an event or a call does, and again after anything that says nothing about the order itself, as both are told to.</summary>
    private static async Task<string> BuyAsync(IServiceProvider services, Guid order, string sku, CancellationToken cancellation)
    {
        var (database, book) = (services.GetRequiredService<Database>(), services.GetRequiredService<ReservationBook>());
        while (true)
        {
            try
            {
                return (await database.WriteAsync((transaction, token) => book.ReserveAsync(transaction, order, [new OrderedPiece(sku, 1)], "test", token), cancellation)).Status;
            }
            catch (Exception exception) when (exception is ProblemException { Problem.Status: 503 } or NpgsqlException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellation);
            }
        }
    }

    /// <summary>Ends connections of the service in the middle of whatever they do, until told to stop.</summary>
    private async Task<int> KillAsync(int everyMilliseconds, CancellationToken cancellation)
    {
        var killed = 0;
        await using var connection = await scene.Database.OpenAsync();
        while (killed < KillsMax && !cancellation.IsCancellationRequested)
        {
            await using var command = new NpgsqlCommand(
                """
                select count(pg_terminate_backend(pid)) from (
                    select pid from pg_stat_activity where datname = current_database() and usename = current_user and pid <> pg_backend_pid()
                    and (xact_start is not null or state = 'active') order by random() limit 1) victims
                """,
                connection);
            killed += Convert.ToInt32(await command.ExecuteScalarAsync(CancellationToken.None), CultureInfo.InvariantCulture);
            await Task.Delay(TimeSpan.FromMilliseconds(everyMilliseconds), TimeProvider.System, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return killed;
    }

    private Task<string> DeadlocksAsync() => scene.Database.TextAsync("select deadlocks from pg_stat_database where datname = current_database()");
}
