namespace Retail.Payments.Payments;

/// <summary>
/// What becomes of a payment. Pure, and safe to be told the same thing twice: what cannot follow from a state changes nothing.
/// </summary>
internal static class PaymentMachine
{
    public const string OrderCancelled = "orderCancelled";

    /// <param name="spare">The id of the refund, should the decision be to give everything back.</param>
    public static Decision Decide(PaymentState state, Trigger trigger, Guid spare) => trigger switch
    {
        Trigger.AskedAgain => AskedAgain(state),
        Trigger.CaptureAsked asked => CaptureAsked(state, asked.Amount),
        Trigger.CancelAsked => CancelAsked(state, spare),
        Trigger.RefundAsked asked => RefundAsked(state, asked),
        Trigger.Authorized => Authorized(state),
        Trigger.ActionRequired needed => ActionRequired(state, needed.Url),
        Trigger.Declined declined => Declined(state, new Failure("authorize", declined.Code, declined.Message)),
        Trigger.Captured captured => Captured(state, captured.Amount, spare),
        Trigger.CaptureFailed failed => CaptureFailed(state, new Failure("capture", failed.Code, failed.Message)),
        Trigger.Canceled => Canceled(state),
        Trigger.Refunded refunded => Refunded(state, refunded),
        Trigger.RefundFailed failed => RefundFailed(state, failed),
        _ => throw new InvalidOperationException($"Nothing is known about {trigger.GetType().Name}."),
    };

    private static Decision AskedAgain(PaymentState state) => state.Status switch
    {
        _ when state.Wish == Wish.Cancel => new(state, new Effect.TellFailed(new Failure("authorize", OrderCancelled, "The order was cancelled; its payment is not begun any more."))),
        PaymentStatus.Authorized => new(state, new Effect.TellAuthorized()),
        PaymentStatus.ActionRequired => new(state, new Effect.TellActionRequired(state.ActionUrl ?? "")),
        PaymentStatus.Failed => new(state, new Effect.TellFailed(state.Failure ?? new Failure("authorize", "failed", "The payment failed."))),
        PaymentStatus.Completed => new(state, new Effect.TellCompleted()),
        _ => new(state),
    };

    private static Decision CaptureAsked(PaymentState state, long amount)
    {
        if (state.Wish == Wish.Cancel)
        {
            return Refused(state, "capture", OrderCancelled, "The order was cancelled.");
        }

        if (amount < 1 || amount > state.Amount)
        {
            return Refused(state, "capture", "amountExceedsAuthorized", "More was asked for than was authorised.");
        }

        return state.Status switch
        {
            PaymentStatus.Authorized when !state.Capturing => new(state with { Wish = Wish.Capture, Capturing = true }, new Effect.AskCapture(amount)),
            PaymentStatus.Pending or PaymentStatus.ActionRequired => new(state with { Wish = Wish.Capture }),
            PaymentStatus.Completed => new(state, new Effect.TellCompleted()),
            PaymentStatus.Failed => new(state, new Effect.TellFailed(state.Failure ?? new Failure("capture", "notAuthorized", "Nothing was authorised."))),
            PaymentStatus.Voided => Refused(state, "capture", "notAuthorized", "Nothing is authorised any more."),
            _ => new(state),
        };
    }

    private static Decision CancelAsked(PaymentState state, Guid spare)
    {
        var cancelled = state with { Wish = Wish.Cancel };
        return state.Status switch
        {
            // The answer of a capture on its way decides between letting go and giving back.
            PaymentStatus.Authorized when state.Capturing => new(cancelled),
            PaymentStatus.Pending or PaymentStatus.ActionRequired or PaymentStatus.Authorized => LetGo(cancelled),
            PaymentStatus.Completed or PaymentStatus.PartiallyRefunded => GiveBack(cancelled, spare, OrderCancelled),
            PaymentStatus.Failed when state.Voiding => new(cancelled),
            PaymentStatus.Failed or PaymentStatus.Voided => new(cancelled, new Effect.TellVoided()),
            _ => new(cancelled),
        };
    }

    private static Decision RefundAsked(PaymentState state, Trigger.RefundAsked asked) =>
        asked.Amount < 1 || asked.Amount > state.Refundable
            ? Refused(state, "refund", state.Captured == 0 ? "notCaptured" : "refundExceedsCaptured", "No more can be given back than was taken and not given back yet.")
            : new(
                state with { Promised = state.Promised + asked.Amount },
                new Effect.AskRefund(asked.RefundId, asked.ReturnId, asked.Amount, asked.Reason, asked.By));

    private static Decision Authorized(PaymentState state)
    {
        switch (state.Status)
        {
            case PaymentStatus.Pending or PaymentStatus.ActionRequired:
                var held = state with { Status = PaymentStatus.Authorized, ActionUrl = null };
                return held.Wish switch
                {
                    Wish.Cancel => LetGo(held),
                    Wish.Capture => new(held with { Capturing = true }, new Effect.TellAuthorized(), new Effect.AskCapture(held.Amount)),
                    _ => new(held, new Effect.TellAuthorized()),
                };

            // Held although the order was told that it failed: nobody will ever capture it.
            case PaymentStatus.Failed when !state.Voiding:
                return LetGo(state);
            default:
                return new(state);
        }
    }

    private static Decision ActionRequired(PaymentState state, string url) =>
        state.Status != PaymentStatus.Pending ? new(state)
        : state.Wish == Wish.Cancel ? LetGo(state with { Status = PaymentStatus.ActionRequired })
        : new(state with { Status = PaymentStatus.ActionRequired, ActionUrl = url }, new Effect.TellActionRequired(url));

    private static Decision Declined(PaymentState state, Failure failure) =>
        state.Status is not (PaymentStatus.Pending or PaymentStatus.ActionRequired) ? new(state)
        : state.Wish == Wish.Cancel ? new(state with { Status = PaymentStatus.Failed, Failure = failure, ActionUrl = null, Voiding = false }, new Effect.TellVoided())
        : new(state with { Status = PaymentStatus.Failed, Failure = failure, ActionUrl = null }, new Effect.TellFailed(failure));

    private static Decision Captured(PaymentState state, long amount, Guid spare)
    {
        if (state.Captured > 0 || amount < 1 || amount > state.Amount)
        {
            return new(state);
        }

        var done = state with { Status = PaymentStatus.Completed, Captured = amount, Capturing = false, Voiding = false, ActionUrl = null, Failure = null };
        if (state.Wish != Wish.Cancel && state.Status != PaymentStatus.Failed)
        {
            return new(done, new Effect.BookCapture(amount), new Effect.TellCompleted());
        }

        // Taken although the order is cancelled or was told that it failed: everything goes back.
        var back = GiveBack(done with { Wish = Wish.Cancel }, spare, OrderCancelled);
        return new(back.State, [new Effect.BookCapture(amount), .. back.Effects]);
    }

    private static Decision CaptureFailed(PaymentState state, Failure failure)
    {
        if (state.Status != PaymentStatus.Authorized || !state.Capturing)
        {
            return new(state);
        }

        var stopped = state with { Capturing = false };
        if (state.Wish == Wish.Cancel)
        {
            return LetGo(stopped);
        }

        var failed = LetGo(stopped with { Status = PaymentStatus.Failed, Failure = failure });
        return new(failed.State, [new Effect.TellFailed(failure), .. failed.Effects]);
    }

    private static Decision Canceled(PaymentState state)
    {
        var free = state with { Voiding = false, Capturing = false, ActionUrl = null };
        return state.Status switch
        {
            PaymentStatus.Pending or PaymentStatus.ActionRequired or PaymentStatus.Authorized when state.Wish == Wish.Cancel =>
                new(free with { Status = PaymentStatus.Voided }, new Effect.TellVoided()),
            PaymentStatus.Pending or PaymentStatus.ActionRequired or PaymentStatus.Authorized => Expired(free),
            PaymentStatus.Failed when state is { Voiding: true, Wish: Wish.Cancel } => new(free, new Effect.TellVoided()),
            PaymentStatus.Failed => new(free),
            _ => new(state),
        };
    }

    private static Decision Refunded(PaymentState state, Trigger.Refunded refunded)
    {
        if (refunded.Amount > state.Promised)
        {
            return new(state);
        }

        var total = state.Refunded + refunded.Amount;
        return new(
            state with
            {
                Refunded = total,
                Promised = state.Promised - refunded.Amount,
                Status = total == state.Captured ? PaymentStatus.Refunded : PaymentStatus.PartiallyRefunded,
            },
            new Effect.EndRefund(refunded.RefundId, null),
            new Effect.BookRefund(refunded.RefundId, refunded.Amount),
            new Effect.TellRefunded(refunded.RefundId, refunded.ReturnId, refunded.Amount));
    }

    private static Decision RefundFailed(PaymentState state, Trigger.RefundFailed failed) => failed.Amount > state.Promised
        ? new(state)
        : new(
            state with { Promised = state.Promised - failed.Amount },
            new Effect.EndRefund(failed.RefundId, failed.Code),
            new Effect.TellFailed(new Failure("refund", failed.Code, failed.Message)));

    /// <summary>The bank let the money go by itself, as it does after some days.</summary>
    private static Decision Expired(PaymentState state)
    {
        var failure = new Failure(state.Wish == Wish.Capture ? "capture" : "authorize", "authorizationExpired", "The bank does not hold the money any more.");
        return new(state with { Status = PaymentStatus.Failed, Failure = failure }, new Effect.TellFailed(failure));
    }

    private static Decision LetGo(PaymentState state) => state.Voiding ? new(state) : new(state with { Voiding = true }, new Effect.AskVoid());

    private static Decision GiveBack(PaymentState state, Guid spare, string reason) => state.Refundable == 0
        ? new(state)
        : new(state with { Promised = state.Promised + state.Refundable }, new Effect.AskRefund(spare, null, state.Refundable, reason, "orders"));

    private static Decision Refused(PaymentState state, string stage, string code, string message) => new(state, new Effect.TellFailed(new Failure(stage, code, message)));
}
