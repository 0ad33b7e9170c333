using FsCheck;
using FsCheck.Fluent;
using Retail.Orders.Sagas;

namespace Slipway.RetailOrders.Tests.Sagas;

/// <summary>Whatever comes in which order, a purchase ends, and its end agrees with what is true at the warehouse and the bank.</summary>
public sealed class SagaStoriesTests
{
    private static readonly Gen<Story> s_stories =
        from seed in Gen.Choose(1, int.MaxValue - 1)
        from flags in Gen.Choose(0, 255)
        from slowness in Gen.Choose(0, 12)
        select new Story(
            seed,
            InStock: (flags & 1) == 0 || (flags & 2) == 0,
            Declined: (flags & 12) == 12,
            Challenged: (flags & 16) != 0,
            Approved: (flags & 32) != 0,
            CaptureFails: (flags & 192) == 192,
            BuyerCancels: (flags & 5) == 4,
            Expires: (flags & 10) == 8,
            StockGoneOnCommit: (flags & 64) != 0,
            slowness);

    [Fact]
    public void Every_story_ends_confirmed_or_cancelled_and_nothing_is_left_over() => Properties.Hold(
        s_stories,
        story =>
        {
            var shop = new PretendedShop(story).Run();
            var fits = shop.Saga.Phase switch
            {
                SagaPhase.Confirmed => shop is { Stock: "sold", Money: "captured" },
                SagaPhase.Cancelled => shop.Stock is not ("held" or "sold") && shop.Money is not ("held" or "captured" or "challenged") && (!shop.MoneyWasTaken || shop.Money == "refunded"),
                _ => false,
            };
            return fits ? true : throw new InvalidOperationException($"{story}\n{shop.Saga.Phase}, stock {shop.Stock}, money {shop.Money}\n{string.Join('\n', shop.Log)}");
        },
        count: 4_000);

    [Fact]
    public void The_stories_know_every_end_and_every_way_of_undoing()
    {
        var ends = Properties.Examples(s_stories, 1_500).Select(story => new PretendedShop(story).Run()).ToList();

        Assert.Contains(ends, shop => shop.Saga.Phase == SagaPhase.Confirmed);
        Assert.Contains(ends, shop => shop.Saga is { Phase: SagaPhase.Cancelled } && shop.Money == "refunded");
        Assert.Contains(ends, shop => shop.Saga is { Phase: SagaPhase.Cancelled } && shop.Money == "voided");
        foreach (var reason in (string[])["outOfStock", "paymentDeclined", "cancelledByBuyer", "captureRefused", "reservationExpired", "reservationTimeout", "paymentTimeout", "challengeExpired"])
        {
            Assert.True(ends.Exists(shop => shop.Saga.Reason == reason), $"No story is cancelled for {reason}.");
        }
    }

    [Fact]
    public void A_message_that_repeats_what_is_known_changes_nothing()
    {
        var pace = new SagaPace();
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var saga = Saga.Begin(Guid.Empty, 1_000, now, pace);
        SagaMessage[] way =
        [
            new SagaMessage.Reserved(Guid.Empty, now.AddMinutes(15)), new SagaMessage.Authorized(Guid.Empty, 1_000), new SagaMessage.Captured(Guid.Empty, 1_000), new SagaMessage.Committed(),
        ];
        foreach (var message in way)
        {
            saga = Saga.React(saga, message, now, pace).State;
        }

        Assert.Equal(SagaPhase.Confirmed, saga.Phase);
        foreach (var message in way)
        {
            var again = Saga.React(saga, message, now, pace);
            Assert.Empty(again.Facts);
            Assert.Empty(again.Requests);
            Assert.Equal(saga, again.State);
        }
    }
}
