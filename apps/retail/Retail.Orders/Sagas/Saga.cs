using Retail.Orders.Ordering;

namespace Retail.Orders.Sagas;

/// <summary>
/// The purchase as a state machine: a state and a message give the next state, the facts for the order's books and the
/// requests to others. It knows no clock, no database and no network, so every order of messages can be tried on it.
/// </summary>
internal static class Saga
{
    public const string Reserve = "reserve";
    public const string Pay = "pay";
    public const string Commit = "commit";
    public const string Capture = "capture";
    public const string Undo = "undo";

    public static SagaState Begin(Guid orderId, long amountMinor, DateTimeOffset now, SagaPace pace) => new()
    {
        OrderId = orderId,
        AmountMinor = amountMinor,
        StartedAt = now,
        DueAt = now + pace.Step,
        Steps = [new StepTime(Reserve, now, null, 1, null)],
    };

    public static SagaTurnout React(SagaState state, SagaMessage message, DateTimeOffset now, SagaPace pace)
    {
        var facts = new List<OrderEvent>();
        var requests = new List<SagaRequest>();
        var next = SagaKnowledge.Learn(state, message, now, facts);
        next = message switch
        {
            SagaMessage.CancelAsked asked when next.Phase is not (SagaPhase.Compensating or SagaPhase.Cancelled or SagaPhase.Failed) =>
                CallOff(next, asked.Reason, now, pace, facts, requests),
            SagaMessage.TimeIsUp when next.DueAt <= now => WhenDue(next, now, pace, facts, requests),
            _ => next,
        };
        for (SagaPhase before; ;)
        {
            before = next.Phase;
            next = Proceed(next, now, pace, facts, requests);
            if (next.Phase == before)
            {
                return new SagaTurnout(next, facts, requests);
            }
        }
    }

    private static SagaState Proceed(SagaState saga, DateTimeOffset now, SagaPace pace, List<OrderEvent> facts, List<SagaRequest> requests)
    {
        switch (saga.Phase)
        {
            case SagaPhase.Reserving:
                return saga.Stock switch
                {
                    StockStanding.Held => AskForMoney(saga, now, pace, facts, requests),
                    StockStanding.Asked => saga,
                    StockStanding.Released => CallOff(saga, "reservationExpired", now, pace, facts, requests),
                    _ => CallOff(saga, "outOfStock", now, pace, facts, requests),
                };
            case SagaPhase.Paying or SagaPhase.AwaitingBuyer:
                return WhilePaying(saga, now, pace, facts, requests);
            case SagaPhase.Confirming:
                return WhileConfirming(saga, now, pace, facts, requests);
            case SagaPhase.Compensating when saga.Undone:
                facts.Add(new UndoingEnded());
                return End(saga, SagaPhase.Cancelled, now);
            case SagaPhase.Cancelled when !saga.Undone:
                // Something came about after everything had been undone: it is undone too.
                requests.Add(SagaRequest.Cancel);
                return Wait(saga with { Phase = SagaPhase.Compensating, EndedAt = null }, Undo, now, pace);
            case SagaPhase.Failed when saga.Undone:
                facts.Add(new UndoingEnded());
                return End(saga, SagaPhase.Cancelled, now);
            default:
                return saga;
        }
    }

    private static SagaState WhilePaying(SagaState saga, DateTimeOffset now, SagaPace pace, List<OrderEvent> facts, List<SagaRequest> requests)
    {
        if (saga.Stock is StockStanding.Released or StockStanding.Refused)
        {
            return CallOff(saga, "reservationExpired", now, pace, facts, requests);
        }

        switch (saga.Money)
        {
            case MoneyStanding.Held or MoneyStanding.Taken:
                requests.Add(SagaRequest.Confirm);
                var confirming = Wait(saga with { Phase = SagaPhase.Confirming }, Commit, now, pace);
                return confirming with { Steps = Started(confirming.Steps, Capture, now) };
            case MoneyStanding.Refused or MoneyStanding.Voided or MoneyStanding.Refunded:
                return CallOff(saga, saga.RefusalCode is null ? "paymentVoided" : "paymentDeclined", now, pace, facts, requests);
            case MoneyStanding.Challenged when saga.Phase == SagaPhase.Paying:
                return saga with { Phase = SagaPhase.AwaitingBuyer, Attempts = 1, DueAt = Later(now + pace.Step, saga.ReservedUntil ?? now + pace.Buyer) };
            default:
                return saga;
        }
    }

    private static SagaState WhileConfirming(SagaState saga, DateTimeOffset now, SagaPace pace, List<OrderEvent> facts, List<SagaRequest> requests)
    {
        if (saga is { Stock: StockStanding.Sold, Money: MoneyStanding.Taken })
        {
            facts.Add(new OrderCompleted());
            return End(saga, SagaPhase.Confirmed, now);
        }

        // A reservation that expired on the way may still be renewed by the sale; only the answer to the sale decides.
        return saga switch
        {
            { Stock: StockStanding.Refused } => CallOff(saga, "outOfStock", now, pace, facts, requests),
            { CaptureRefused: true, Money: not MoneyStanding.Taken } => CallOff(saga, "captureRefused", now, pace, facts, requests),
            { Money: MoneyStanding.Refused or MoneyStanding.Voided or MoneyStanding.Refunded } => CallOff(saga, "paymentVoided", now, pace, facts, requests),
            _ => saga,
        };
    }

    private static SagaState AskForMoney(SagaState saga, DateTimeOffset now, SagaPace pace, List<OrderEvent> facts, List<SagaRequest> requests)
    {
        facts.Add(new PaymentAsked(saga.AmountMinor));
        requests.Add(SagaRequest.Pay);
        return Wait(saga with { Phase = SagaPhase.Paying, Money = MoneyStanding.Asked }, Pay, now, pace);
    }

    private static SagaState CallOff(SagaState saga, string reason, DateTimeOffset now, SagaPace pace, List<OrderEvent> facts, List<SagaRequest> requests)
    {
        facts.Add(new OrderCalledOff(reason));
        requests.Add(SagaRequest.Cancel);
        var steps = saga.Steps.Select(step => step.EndedAt is null ? step with { EndedAt = now, Error = step.Error ?? reason } : step).ToList();
        return Wait(saga with { Phase = SagaPhase.Compensating, Reason = reason, EndedAt = null, Steps = steps }, Undo, now, pace);
    }

    private static SagaState WhenDue(SagaState saga, DateTimeOffset now, SagaPace pace, List<OrderEvent> facts, List<SagaRequest> requests)
    {
        switch (saga.Phase)
        {
            case SagaPhase.Reserving or SagaPhase.Paying or SagaPhase.Confirming when saga.Attempts < pace.Attempts:
                requests.Add(saga.Phase switch
                {
                    SagaPhase.Reserving => SagaRequest.ReserveStock,
                    SagaPhase.Paying => SagaRequest.Pay,
                    _ => SagaRequest.Confirm,
                });
                return Again(saga, now, pace.Step);
            case SagaPhase.Reserving:
                return CallOff(saga, "reservationTimeout", now, pace, facts, requests);
            case SagaPhase.Paying:
                return CallOff(saga, "paymentTimeout", now, pace, facts, requests);
            case SagaPhase.AwaitingBuyer:
                return CallOff(saga, "challengeExpired", now, pace, facts, requests);
            case SagaPhase.Confirming:
                return CallOff(saga, "confirmationTimeout", now, pace, facts, requests);
            case SagaPhase.Compensating when saga.Attempts < pace.UndoAttempts:
                requests.Add(SagaRequest.Cancel);
                return Again(saga, now, Shorter(pace.Step * Math.Pow(2, saga.Attempts), pace.UndoPauseMax));
            case SagaPhase.Compensating:
                facts.Add(new UndoingStuck(saga.Reason ?? ""));
                return End(saga, SagaPhase.Failed, now);
            default:
                return saga with { DueAt = null };
        }
    }

    private static SagaState Wait(SagaState saga, string step, DateTimeOffset now, SagaPace pace) =>
        saga with { Attempts = 1, DueAt = now + pace.Step, Steps = Started(saga.Steps, step, now) };

    private static SagaState Again(SagaState saga, DateTimeOffset now, TimeSpan patience) => saga with
    {
        Attempts = saga.Attempts + 1,
        DueAt = now + patience,
        Steps = [.. saga.Steps.Select(step => step.EndedAt is null ? step with { Attempts = saga.Attempts + 1 } : step)],
    };

    private static SagaState End(SagaState saga, SagaPhase phase, DateTimeOffset now) => saga with
    {
        Phase = phase,
        DueAt = null,
        EndedAt = now,
        Steps = [.. saga.Steps.Select(step => step with { EndedAt = step.EndedAt ?? now })],
    };

    private static List<StepTime> Started(IReadOnlyList<StepTime> steps, string name, DateTimeOffset now) =>
        [.. steps.Where(step => step.Name != name), new StepTime(name, now, null, 1, null)];

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
