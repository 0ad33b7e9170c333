using Retail.Orders.Ordering;
using Retail.Orders.Sagas;

namespace Slipway.RetailOrders.Tests.Sagas;

public sealed class SagaTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SagaPace s_pace = new();
    private static readonly Guid s_id = Guid.Parse("0198f2c5-0000-7000-8000-000000000002");

    private static SagaState After(params SagaMessage[] messages) =>
        messages.Aggregate(Saga.Begin(s_id, 1_000, s_now, s_pace), (saga, message) => Saga.React(saga, message, s_now, s_pace).State);

    private static readonly SagaMessage s_reserved = new SagaMessage.Reserved(s_id, s_now.AddMinutes(15));
    private static readonly SagaMessage s_authorized = new SagaMessage.Authorized(s_id, 1_000);
    private static readonly SagaMessage s_captured = new SagaMessage.Captured(s_id, 1_000);

    [Fact]
    public void Money_is_asked_for_only_when_stock_is_held()
    {
        var turnout = Saga.React(After(), s_reserved, s_now, s_pace);

        Assert.Equal(SagaPhase.Paying, turnout.State.Phase);
        Assert.Equal([SagaRequest.Pay], turnout.Requests);
        Assert.Equal([typeof(StockHeld), typeof(PaymentAsked)], turnout.Facts.Select(fact => fact.GetType()));
    }

    [Fact]
    public void An_order_is_confirmed_only_by_both_the_sale_and_the_capture()
    {
        var captured = After(s_reserved, s_authorized, s_captured);
        Assert.Equal(SagaPhase.Confirming, captured.Phase);

        var sold = After(s_reserved, s_authorized, new SagaMessage.Committed());
        Assert.Equal(SagaPhase.Confirming, sold.Phase);

        Assert.Equal(SagaPhase.Confirmed, After(s_reserved, s_authorized, s_captured, new SagaMessage.Committed()).Phase);
        Assert.Equal(SagaPhase.Confirmed, After(s_reserved, s_authorized, new SagaMessage.Committed(), s_captured).Phase);
    }

    [Fact]
    public void A_step_without_an_answer_is_asked_for_three_times_and_then_undone()
    {
        var saga = After(s_reserved);
        var requests = new List<SagaRequest>();
        var now = s_now;
        while (saga.Phase == SagaPhase.Paying)
        {
            now += s_pace.Step;
            var turnout = Saga.React(saga, new SagaMessage.TimeIsUp(), now, s_pace);
            requests.AddRange(turnout.Requests);
            saga = turnout.State;
        }

        Assert.Equal([SagaRequest.Pay, SagaRequest.Pay, SagaRequest.Cancel], requests);
        Assert.Equal(SagaPhase.Compensating, saga.Phase);
        Assert.Equal("paymentTimeout", saga.Reason);
        Assert.Equal(s_now + (3 * s_pace.Step), now);
    }

    [Fact]
    public void Time_that_is_not_up_yet_changes_nothing() =>
        Assert.Empty(Saga.React(After(s_reserved), new SagaMessage.TimeIsUp(), s_now.AddSeconds(29), s_pace).Requests);

    [Fact]
    public void Money_held_after_the_order_was_cancelled_is_given_back_before_the_end()
    {
        var saga = After(s_reserved, new SagaMessage.CancelAsked("cancelledByBuyer"), new SagaMessage.Released("cancelled", null), s_authorized);
        Assert.Equal(SagaPhase.Compensating, saga.Phase);

        Assert.Equal(SagaPhase.Cancelled, Saga.React(saga, new SagaMessage.Voided(s_id), s_now, s_pace).State.Phase);
    }

    [Fact]
    public void An_answer_after_the_end_of_a_cancelled_order_begins_the_undoing_again()
    {
        var ended = After(new SagaMessage.NotReserved("out_of_stock", []));
        Assert.Equal(SagaPhase.Cancelled, ended.Phase);

        var late = Saga.React(ended, s_reserved, s_now, s_pace);
        Assert.Equal(SagaPhase.Compensating, late.State.Phase);
        Assert.Equal([SagaRequest.Cancel], late.Requests);
        Assert.Equal(SagaPhase.Cancelled, Saga.React(late.State, new SagaMessage.Released("cancelled", null), s_now, s_pace).State.Phase);
    }

    [Fact]
    public void An_expired_reservation_on_its_way_to_the_sale_waits_for_what_the_sale_says()
    {
        var waiting = After(s_reserved, s_authorized, new SagaMessage.Released("expired", null));
        Assert.Equal(SagaPhase.Confirming, waiting.Phase);

        var gone = Saga.React(waiting, new SagaMessage.NotReserved("expired", []), s_now, s_pace);
        Assert.Equal(SagaPhase.Compensating, gone.State.Phase);
        Assert.Equal([SagaRequest.Cancel], gone.Requests);
    }

    [Fact]
    public void Undoing_that_nobody_answers_ends_as_failed_and_a_late_answer_still_ends_it_well()
    {
        var saga = After(s_reserved, new SagaMessage.CancelAsked("cancelledByBuyer"));
        var now = s_now;
        var asked = 0;
        while (!saga.Ended)
        {
            now += TimeSpan.FromMinutes(15);
            var turnout = Saga.React(saga, new SagaMessage.TimeIsUp(), now, s_pace);
            asked += turnout.Requests.Count;
            saga = turnout.State;
        }

        Assert.Equal(SagaPhase.Failed, saga.Phase);
        Assert.Equal(s_pace.UndoAttempts - 1, asked);
        saga = Saga.React(saga, new SagaMessage.Released("cancelled", null), now, s_pace).State;
        saga = Saga.React(saga, new SagaMessage.Voided(s_id), now, s_pace).State;
        Assert.Equal(SagaPhase.Cancelled, saga.Phase);
    }

    [Fact]
    public void The_picture_of_a_declined_payment_shows_the_failed_step_and_the_compensated_one()
    {
        var saga = After(s_reserved, new SagaMessage.PaymentFailed(s_id, "authorize", "card_declined"), new SagaMessage.Released("cancelled", null));

        var steps = SagaGraph.Of(saga).ToDictionary(step => step.Name);
        Assert.Equal(SagaPhase.Cancelled, saga.Phase);
        Assert.Equal(("compensated", "release"), (steps["reserve"].State, steps["reserve"].Compensation));
        Assert.Equal(("failed", "card_declined"), (steps["pay"].State, steps["pay"].Error));
        Assert.Equal("skipped", steps["commit"].State);
        Assert.Equal("paymentDeclined", steps["create"].Error);
    }
}
