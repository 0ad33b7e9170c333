using Retail.Payments.Ledger;
using Retail.Payments.Payments;

namespace Slipway.RetailPayments.Tests.Rules;

/// <summary>A payment, a bank and the notes between them, in memory and in any order a generator can think of.</summary>
internal sealed class PretendBank
{
    private readonly Queue<Effect> _notes = new();
    private bool _authorizeNoted = true;
    private string _status = "none";

    public PretendBank(long amount) => State = new PaymentState { Amount = amount };

    public PaymentState State { get; private set; }

    public long Captured { get; private set; }

    public long Refunded { get; private set; }

    public List<LedgerLine> Books { get; } = [];

    public List<Effect> Told { get; } = [];

    public List<string> Broken { get; } = [];

    public bool Holds => _status == "held";

    public bool CancelAsked { get; private set; }

    public bool Busy => _authorizeNoted || _notes.Count > 0;

    /// <summary>One step; what it is follows from the number.</summary>
    public void Step(int number)
    {
        var argument = number / 16;
        switch (number % 16)
        {
            case 0 or 1:
                Apply(new Trigger.CaptureAsked(argument % 5 == 0 ? State.Amount + 1 : Math.Max(1, State.Amount)));
                break;
            case 2 or 3:
                CancelAsked = true;
                Apply(new Trigger.CancelAsked());
                break;
            case 4 or 5:
                Apply(new Trigger.RefundAsked(Guid.NewGuid(), Guid.NewGuid(), 1 + argument % (int)(State.Amount + 2), "return", "test"));
                break;
            case 6:
                Apply(new Trigger.AskedAgain());
                break;
            case 7 or 8:
                HolderDecides(argument % 3);
                break;
            case 9 or 10:
                See();
                break;
            default:
                Work(argument);
                break;
        }
    }

    public void Drain()
    {
        for (var i = 0; i < 100 && Busy; i++)
        {
            Work(1);
        }

        See();
        for (var i = 0; i < 100 && Busy; i++)
        {
            Work(1);
        }
    }

    private void Work(int argument)
    {
        if (_authorizeNoted)
        {
            _authorizeNoted = false;
            if (State.Wish == Wish.Cancel)
            {
                Apply(new Trigger.Canceled());
                return;
            }

            _status = (argument % 5) switch { 0 => "declined", 2 => "action", 3 => "processing", _ => "held" };
            See();
            return;
        }

        if (!_notes.TryDequeue(out var note))
        {
            return;
        }

        switch (note)
        {
            case Effect.AskCapture ask when _status == "held":
                (_status, Captured) = ("captured", ask.Amount);
                See();
                break;
            case Effect.AskCapture:
                Apply(_status == "captured" ? new Trigger.Captured(Captured) : _status == "canceled" ? new Trigger.Canceled() : new Trigger.CaptureFailed("refused", ""));
                break;
            case Effect.AskVoid when _status == "captured":
                Apply(new Trigger.Captured(Captured));
                break;
            case Effect.AskVoid:
                _status = "canceled";
                Apply(new Trigger.Canceled());
                break;
            case Effect.AskRefund ask:
                Refunded += ask.Amount;
                if (Refunded > Captured)
                {
                    Broken.Add("More was given back than was taken.");
                }

                Apply(new Trigger.Refunded(ask.RefundId, ask.ReturnId, ask.Amount));
                break;
        }
    }

    private void HolderDecides(int choice)
    {
        if (_status is "action" or "processing")
        {
            _status = choice == 0 ? "declined" : choice == 1 ? "held" : "canceled";
        }
    }

    /// <summary>As a webhook has it looked up, and as an operation sees it.</summary>
    private void See()
    {
        Trigger? seen = _status switch
        {
            "held" => new Trigger.Authorized(),
            "action" => new Trigger.ActionRequired("https://bank.test"),
            "declined" => new Trigger.Declined("card_declined", ""),
            "captured" => new Trigger.Captured(Captured),
            "canceled" => new Trigger.Canceled(),
            _ => null,
        };
        if (seen is not null)
        {
            Apply(seen);
        }
    }

    private void Apply(Trigger trigger)
    {
        var before = State;
        var decision = PaymentMachine.Decide(State, trigger, Guid.NewGuid());
        State = decision.State;
        foreach (var effect in decision.Effects)
        {
            switch (effect)
            {
                case Effect.AskCapture:
                    if (State.Wish == Wish.Cancel)
                    {
                        Broken.Add("A cancelled order was captured.");
                    }

                    _notes.Enqueue(effect);
                    break;
                case Effect.AskVoid or Effect.AskRefund:
                    _notes.Enqueue(effect);
                    break;
                case Effect.BookCapture book:
                    Books.AddRange(LedgerRules.Capture(book.Amount));
                    break;
                case Effect.BookRefund book:
                    Books.AddRange(LedgerRules.Refund(book.Amount));
                    break;
                case Effect.EndRefund:
                    break;
                default:
                    Told.Add(effect);
                    break;
            }
        }

        if (State.Captured < 0 || State.Captured > State.Amount || State.Refunded + State.Promised > State.Captured || State.Promised < 0)
        {
            Broken.Add($"The amounts do not fit together: {State}");
        }

        if (before.Captured > State.Captured || before.Refunded > State.Refunded)
        {
            Broken.Add("What happened was forgotten.");
        }
    }
}
