using Slipway.Eventing.Delivery;
using Slipway.Eventing.Subscriptions;
using Slipway.Eventing.Tests.Hosting;

namespace Slipway.Eventing.Tests.Delivery;

/// <summary>Random events, failures, dead letters and kills; a seed tells the whole story again.</summary>
public sealed class DeliverySimulation
{
    private const int Keys = 12;
    private const int Events = 240;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Nothing_is_lost_and_no_key_is_ever_out_of_order(int seed)
    {
        var random = new Random(seed);
        var dice = new Random(seed + 1_000);
        await using var world = new SimulatedWorld();
        var calm = false;
        world.Answer = _ => calm
            ? new DeliveryResult(204)
            : dice.NextDouble() switch
            {
                < 0.10 => new DeliveryResult(503, "503 busy"),
                < 0.15 => new DeliveryResult(null, "unreachable"),
                < 0.17 => new DeliveryResult(422, "422 not for me"),
                _ => new DeliveryResult(204),
            };
        await world.StartAsync();
        var numbers = new int[Keys];
        for (var sent = 0; sent < Events;)
        {
            var batch = Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(Keys)).Select(key => Tell.Event($"{key}/{numbers[key]++}", $"key-{key}")).ToArray();
            sent += batch.Length;
            await world.AppendAsync(batch);
            if (random.Next(6) == 0)
            {
                world.Time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 400)));
            }

            if (random.Next(8) == 0)
            {
                await world.KillAsync();
            }

            if (random.Next(4) == 0)
            {
                world.Worker.LookAtHeld(await world.Store.RetryAsync(new HeldQuery { Subscriptions = ["trigger"] }, default));
            }
        }

        calm = true;
        await world.UntilAsync(
            () =>
            {
                world.Worker.LookAtHeld(world.Store.RetryAsync(new HeldQuery { Subscriptions = ["trigger"] }, default).Result);
                return world.Snapshot(world.Accepted).Select(push => push.Event.Id).Distinct().Count() == numbers.Sum()
                    && world.Store.CountAsync("trigger", default).Result == new HeldCount(0, 0);
            },
            "everything was delivered");

        foreach (var key in world.Snapshot(world.Accepted).GroupBy(push => push.Event.Key))
        {
            var next = 0;
            foreach (var push in key)
            {
                // Again is allowed, early is not: an event comes only when all before it of its key have come.
                var number = int.Parse(push.Event.Id.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture);
                Assert.True(number <= next, $"{push.Event.Id} came before number {next} of its key (seed {seed}).");
                next = Math.Max(next, number + 1);
            }

            Assert.Equal(numbers[int.Parse(key.Key["key-".Length..], System.Globalization.CultureInfo.InvariantCulture)], next);
        }
    }
}
