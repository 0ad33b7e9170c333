using System.Globalization;

namespace Slipway.Simulation.Tests.Shop;

/// <summary>
/// Many buyers, few pieces, a bus that repeats and loses things, and services that stop in the middle of their work. A bigger crowd is
/// asked for with SHOP_BUYERS, SHOP_UNITS, SHOP_SEEDS and SHOP_TROUBLES.
/// </summary>
public sealed class OversellingTests(ShopWorld world) : IClassFixture<ShopWorld>
{
    private const long Price = 5_000;
    private const int BuyersAtOnce = 24;

    private static int Buyers => Setting("SHOP_BUYERS", 200);

    private static int Units => Setting("SHOP_UNITS", 10);

    public static TheoryData<int> Seeds
    {
        get
        {
            var range = (Environment.GetEnvironmentVariable("SHOP_SEEDS") ?? "1-2").Split('-');
            var first = int.Parse(range[0], CultureInfo.InvariantCulture);
            return [.. Enumerable.Range(first, int.Parse(range[^1], CultureInfo.InvariantCulture) - first + 1)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_piece_is_sold_once_and_paid_once_while_services_stop_at_random(int seed)
    {
        var sku = await world.StockAsync(Units, Price);
        world.Bus.Weather = BusWeather.Rough;
        await CrowdAsync(sku, seed, Buyers, _ => "tok_success", Setting("SHOP_TROUBLES", 6));
        world.Bus.Weather = BusWeather.Calm;
        await world.RestAsync();

        Assert.Equal((0, 0, Units, Units * Price), await ShopBooks.OfAsync(world, sku));
        await ShopBooks.HoldAsync(world);

        var before = await ShopBooks.DigestAsync(world);
        await world.Bus.ReplayAsync();
        await world.RestAsync();
        Assert.Equal(before, await ShopBooks.DigestAsync(world));
    }

    [Fact]
    public async Task Declined_cards_give_their_piece_to_somebody_else()
    {
        var sku = await world.StockAsync(5, Price);
        world.Bus.Weather = BusWeather.Rough;
        await CrowdAsync(sku, 99, 30, buyer => buyer % 3 == 0 ? "tok_success" : buyer % 3 == 1 ? "tok_declined" : "tok_insufficient_funds", troubles: 1);
        world.Bus.Weather = BusWeather.Calm;
        await world.RestAsync();
        await ShopBooks.HoldAsync(world);

        await CrowdAsync(sku, 100, 10, _ => "tok_success", troubles: 0);
        await world.RestAsync();
        Assert.Equal((0, 0, 5, 5 * Price), await ShopBooks.OfAsync(world, sku));
        await ShopBooks.HoldAsync(world);
    }

    [Fact]
    public async Task Buyers_who_change_their_mind_at_any_moment_leave_the_books_right()
    {
        const int All = 24;
        var sku = await world.StockAsync(All, Price);
        var bought = new System.Collections.Concurrent.ConcurrentBag<(Guid Order, string Token)>();
        world.Bus.Weather = BusWeather.Rough;
        await CrowdAsync(sku, 7, All, _ => "tok_success", troubles: 2, async (buyer, order, cancellation) =>
        {
            bought.Add(order);
            if (buyer % 2 == 0)
            {
                // Some at once, some when the purchase is half done, some after it.
                await Task.Delay(TimeSpan.FromMilliseconds(25 * buyer), TimeProvider.System, cancellation);
                await world.InsistAsync($"/api/v1/orders/{order.Order}/cancel", "{}", order.Token, cancellation);
            }
        });
        await world.RestAsync();
        foreach (var (order, token) in bought.Take(All / 2))
        {
            await world.InsistAsync($"/api/v1/orders/{order}/returns", $$"""{"lines":[{"sku":"{{sku}}","quantity":1}]}""", token, CancellationToken.None);
        }

        world.Bus.Weather = BusWeather.Calm;
        await world.RestAsync();
        var (left, held, confirmed, money) = await ShopBooks.OfAsync(world, sku);
        Assert.Equal((All - confirmed, 0, confirmed * Price), (left, held, money));
        Assert.InRange(confirmed, 0, All / 2);
        await ShopBooks.HoldAsync(world);
    }

    /// <summary>Buyers and troubles side by side.</summary>
    private async Task CrowdAsync(
        string sku, int seed, int buyers, Func<int, string> token, int troubles, Func<int, (Guid Order, string Token), CancellationToken, Task>? afterwards = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var bought = 0;
        var trouble = TroubleAsync(seed, troubles, () => Volatile.Read(ref bought), buyers, limit.Token);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, buyers), new ParallelOptions { MaxDegreeOfParallelism = BuyersAtOnce, CancellationToken = limit.Token },
            async (buyer, cancellation) =>
            {
                var order = await world.BuyAsync(sku, token(buyer), cancellation);
                Interlocked.Increment(ref bought);
                await (afterwards?.Invoke(buyer, order, cancellation) ?? Task.CompletedTask);
            });
        await trouble;
    }

    /// <summary>Spread over the crowd: after so many purchases a service loses its connections or is stopped and started.</summary>
    private async Task TroubleAsync(int seed, int troubles, Func<int> bought, int buyers, CancellationToken cancellation)
    {
        var random = new Random(seed);
        for (var trouble = 1; trouble <= troubles; trouble++)
        {
            while (bought() < buyers * trouble / (troubles + 1))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellation);
            }

            var service = ShopWorld.Mortals[random.Next(ShopWorld.Mortals.Count)];
            await (random.Next(2) == 0 ? world.CutConnectionsAsync(service) : world.RestartAsync(service));
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
