using Retail.Orders.Ordering;

namespace Retail.Orders.Sagas;

/// <summary>
/// What a message changes in what is known of stock and money, whatever the saga is doing at the time. Facts are noted once;
/// a message that only repeats what is known adds none.
/// </summary>
internal static class SagaKnowledge
{
    public static SagaState Learn(SagaState saga, SagaMessage message, DateTimeOffset now, List<OrderEvent> facts) => message switch
    {
        SagaMessage.Reserved reserved => Reserved(saga, reserved, now, facts),
        SagaMessage.NotReserved refused => NotReserved(saga, refused, now, facts),
        SagaMessage.Released released => Released(saga, released, facts),
        SagaMessage.Committed when saga.Stock != StockStanding.Sold => Committed(saga, now, facts),
        SagaMessage.Authorized held => Authorized(saga, held, now, facts),
        SagaMessage.ActionRequired asked when saga.Money is MoneyStanding.None or MoneyStanding.Asked => Challenged(saga, asked, facts),
        SagaMessage.Captured taken => Captured(saga, taken, now, facts),
        SagaMessage.PaymentFailed failed => PaymentFailed(saga, failed, now, facts),
        SagaMessage.Voided voided when saga.Money is not (MoneyStanding.Taken or MoneyStanding.Refunded or MoneyStanding.Voided) => Voided(saga, voided, facts),
        SagaMessage.Refunded refunded => Refunded(saga, refunded, facts),
        _ => saga,
    };

    private static SagaState Reserved(SagaState saga, SagaMessage.Reserved reserved, DateTimeOffset now, List<OrderEvent> facts)
    {
        if (saga.Stock is StockStanding.Held or StockStanding.Sold)
        {
            return saga;
        }

        facts.Add(new StockHeld(reserved.ReservationId, reserved.ExpiresAt));
        return saga with { Stock = StockStanding.Held, ReservedUntil = reserved.ExpiresAt, Steps = Done(saga.Steps, Saga.Reserve, now, null) };
    }

    private static SagaState NotReserved(SagaState saga, SagaMessage.NotReserved refused, DateTimeOffset now, List<OrderEvent> facts)
    {
        if (saga.Stock is StockStanding.Refused or StockStanding.Sold)
        {
            return saga;
        }

        facts.Add(new StockRefused(refused.Reason, refused.Lines));
        var step = saga.Phase == SagaPhase.Reserving ? Saga.Reserve : Saga.Commit;
        return saga with { Stock = StockStanding.Refused, Steps = Done(saga.Steps, step, now, "outOfStock") };
    }

    private static SagaState Released(SagaState saga, SagaMessage.Released released, List<OrderEvent> facts)
    {
        if (released.ReturnId is not null)
        {
            facts.Add(new StockGivenBack(released.Reason, released.ReturnId));
            return saga;
        }

        // What is sold cannot expire; that message is about the time before the sale.
        if (saga.Stock is StockStanding.Released or StockStanding.Refused || (saga.Stock == StockStanding.Sold && released.Reason == "expired"))
        {
            return saga;
        }

        facts.Add(new StockGivenBack(released.Reason, null));
        return saga with { Stock = StockStanding.Released };
    }

    private static SagaState Committed(SagaState saga, DateTimeOffset now, List<OrderEvent> facts)
    {
        facts.Add(new StockSold());
        return saga with { Stock = StockStanding.Sold, Steps = Done(saga.Steps, Saga.Commit, now, null) };
    }

    private static SagaState Authorized(SagaState saga, SagaMessage.Authorized held, DateTimeOffset now, List<OrderEvent> facts)
    {
        if (saga.Money is MoneyStanding.Held or MoneyStanding.Taken or MoneyStanding.Refunded)
        {
            return saga;
        }

        facts.Add(new PaymentHeld(held.PaymentId, held.AmountMinor));
        return saga with { Money = MoneyStanding.Held, RefusalCode = null, Steps = Done(saga.Steps, Saga.Pay, now, null) };
    }

    private static SagaState Challenged(SagaState saga, SagaMessage.ActionRequired asked, List<OrderEvent> facts)
    {
        facts.Add(new BuyerAsked(asked.PaymentId, asked.Url));
        return saga with { Money = MoneyStanding.Challenged };
    }

    private static SagaState Captured(SagaState saga, SagaMessage.Captured taken, DateTimeOffset now, List<OrderEvent> facts)
    {
        if (saga.Money is MoneyStanding.Taken or MoneyStanding.Refunded)
        {
            return saga;
        }

        facts.Add(new MoneyTaken(taken.PaymentId, taken.AmountMinor));
        var steps = Done(Done(saga.Steps, Saga.Pay, now, null), Saga.Capture, now, null);
        return saga with { Money = MoneyStanding.Taken, CapturedMinor = taken.AmountMinor, CaptureRefused = false, Steps = steps };
    }

    private static SagaState PaymentFailed(SagaState saga, SagaMessage.PaymentFailed failed, DateTimeOffset now, List<OrderEvent> facts)
    {
        switch (failed.Stage)
        {
            case "authorize" when saga.Money is MoneyStanding.None or MoneyStanding.Asked or MoneyStanding.Challenged or MoneyStanding.Held:
                facts.Add(new PaymentRefused(failed.Stage, failed.Code));
                return saga with { Money = MoneyStanding.Refused, RefusalCode = failed.Code, Steps = Done(saga.Steps, Saga.Pay, now, failed.Code) };
            case "capture" when saga.Money is not (MoneyStanding.Taken or MoneyStanding.Refunded) && !saga.CaptureRefused:
                facts.Add(new PaymentRefused(failed.Stage, failed.Code));
                return saga with { CaptureRefused = true, Steps = Done(saga.Steps, Saga.Capture, now, failed.Code) };
            case "refund":
                facts.Add(new PaymentRefused(failed.Stage, failed.Code));
                return saga with { Steps = [.. saga.Steps.Select(step => step.Name == Saga.Undo ? step with { Error = failed.Code } : step)] };
            default:
                return saga;
        }
    }

    private static SagaState Voided(SagaState saga, SagaMessage.Voided voided, List<OrderEvent> facts)
    {
        facts.Add(new MoneyVoided(voided.PaymentId));
        return saga with { Money = MoneyStanding.Voided };
    }

    private static SagaState Refunded(SagaState saga, SagaMessage.Refunded refunded, List<OrderEvent> facts)
    {
        if (refunded.RefundedTotalMinor <= saga.RefundedMinor)
        {
            return saga;
        }

        facts.Add(new MoneyRefunded(refunded.RefundId, refunded.ReturnId, refunded.AmountMinor, refunded.RefundedTotalMinor));
        var everything = refunded.RefundedTotalMinor >= saga.CapturedMinor;
        return saga with { RefundedMinor = refunded.RefundedTotalMinor, Money = everything ? MoneyStanding.Refunded : saga.Money };
    }

    private static List<StepTime> Done(IReadOnlyList<StepTime> steps, string name, DateTimeOffset now, string? error) =>
        [.. steps.Select(step => step.Name == name && step.EndedAt is null ? step with { EndedAt = now, Error = error } : step)];
}
