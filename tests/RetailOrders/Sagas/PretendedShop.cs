using Retail.Orders.Sagas;

namespace Slipway.RetailOrders.Tests.Sagas;

/// <summary>What may go wrong in one story, and in which order things happen.</summary>
internal sealed record Story(int Seed, bool InStock, bool Declined, bool Challenged, bool Approved, bool CaptureFails, bool BuyerCancels, bool Expires, bool StockGoneOnCommit, int Slowness)
{
    public override string ToString() =>
        $"seed {Seed}: stock {InStock}, declined {Declined}, challenged {Challenged}/{Approved}, capture fails {CaptureFails}, cancels {BuyerCancels}, expires {Expires}/{StockGoneOnCommit}, slow {Slowness}";
}

/// <summary>
/// Inventory and payments as the contract describes them, one line of waiting events per topic and consumer. Events of a topic
/// keep their order; between topics anything may overtake anything, and each may come twice.
/// </summary>
internal sealed class PretendedShop
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid s_payment = Guid.Parse("0198f2c5-0000-7000-8000-000000000001");

    private readonly Random _random;
    private readonly Story _story;
    private readonly SagaPace _pace = new();
    private readonly Queue<SagaRequest> _toInventory = new();
    private readonly Queue<SagaRequest> _toPayments = new();
    private readonly Queue<SagaMessage> _fromInventory = new();
    private readonly Queue<SagaMessage> _fromPayments = new();
    private bool _expired;
    private bool _cancelAsked;

    public PretendedShop(Story story)
    {
        (_story, _random, Now) = (story, new Random(story.Seed), s_start);
        Saga = Retail.Orders.Sagas.Saga.Begin(Guid.Empty, 1_000, Now, _pace);
        _toInventory.Enqueue(SagaRequest.ReserveStock);
    }

    public SagaState Saga { get; private set; }

    public DateTimeOffset Now { get; private set; }

    /// <summary><c>none, held, expired, refused, sold, released</c>: the truth in the warehouse.</summary>
    public string Stock { get; private set; } = "none";

    /// <summary><c>none, held, failed, challenged, captured, voided, refunded</c>: the truth at the bank.</summary>
    public string Money { get; private set; } = "none";

    public bool MoneyWasTaken { get; private set; }

    public List<string> Log { get; } = [];

    /// <summary>Lives through the story until nothing is left to happen.</summary>
    public PretendedShop Run()
    {
        for (var step = 0; step < 400; step++)
        {
            Chance();
        }

        for (var step = 0; step < 2_000 && (!Saga.Ended || Waiting > 0); step++)
        {
            if (Waiting > 0)
            {
                Deliver();
            }
            else
            {
                Tick(TimeSpan.FromSeconds(40));
            }
        }

        return this;
    }

    private int Waiting => _toInventory.Count + _toPayments.Count + _fromInventory.Count + _fromPayments.Count;

    private void Chance()
    {
        switch (_random.Next(12 + _story.Slowness))
        {
            case < 8:
                Deliver();
                break;
            case 8 when _story.BuyerCancels && !_cancelAsked && Saga.Phase is not (SagaPhase.Cancelled or SagaPhase.Failed) && _random.Next(6) == 0:
                _cancelAsked = true;
                Tell(new SagaMessage.CancelAsked("cancelledByBuyer"));
                break;
            case 9 when _story.Expires && !_expired && Stock == "held":
                (_expired, Stock) = (true, "expired");
                _fromInventory.Enqueue(new SagaMessage.Released("expired", null));
                break;
            case 10 when Money == "challenged" && _story.Seed % 3 != 0:
                Answer();
                break;
            default:
                Tick(TimeSpan.FromSeconds(_random.Next(1, 8)));
                break;
        }
    }

    private void Deliver()
    {
        switch (_random.Next(4))
        {
            case 0 when _toInventory.TryDequeue(out var request):
                Inventory(request);
                break;
            case 1 when _toPayments.TryDequeue(out var request):
                Payments(request);
                break;
            case 2 when _fromInventory.TryDequeue(out var message):
                Hear(message);
                break;
            case 3 when _fromPayments.TryDequeue(out var message):
                Hear(message);
                break;
        }
    }

    /// <summary>A redelivery comes at once or not at all: later ones are kept away by the inbox.</summary>
    private void Hear(SagaMessage message)
    {
        Tell(message);
        if (_random.Next(4) == 0)
        {
            Tell(message);
        }
    }

    private void Tick(TimeSpan time)
    {
        Now += time;
        Tell(new SagaMessage.TimeIsUp());
    }

    private void Tell(SagaMessage message)
    {
        var turnout = Retail.Orders.Sagas.Saga.React(Saga, message, Now, _pace);
        Log.Add($"{Now:mm:ss} {message.GetType().Name} → {turnout.State.Phase} {turnout.State.Stock}/{turnout.State.Money} [{string.Join(',', turnout.Requests)}]");
        Saga = turnout.State;
        foreach (var request in turnout.Requests)
        {
            _toInventory.Enqueue(request);
            _toPayments.Enqueue(request);
        }
    }

    private void Inventory(SagaRequest request)
    {
        switch (request, Stock)
        {
            case (SagaRequest.ReserveStock, "none"):
                Stock = _story.InStock ? "held" : "refused";
                InventoryTells();
                break;
            case (SagaRequest.Confirm, "held"):
                Stock = "sold";
                InventoryTells();
                break;
            case (SagaRequest.Confirm, "expired"):
                Stock = _story.StockGoneOnCommit ? "refused" : "sold";
                InventoryTells();
                break;
            case (SagaRequest.Cancel, _):
                Stock = "released";
                InventoryTells();
                break;
            case (SagaRequest.Pay, _):
                break;
            default:
                InventoryTells();
                break;
        }
    }

    private void InventoryTells() => _fromInventory.Enqueue(Stock switch
    {
        "held" => new SagaMessage.Reserved(Guid.Empty, Now + TimeSpan.FromMinutes(15)),
        "refused" => new SagaMessage.NotReserved("out_of_stock", []),
        "sold" => new SagaMessage.Committed(),
        "expired" => new SagaMessage.Released("expired", null),
        _ => new SagaMessage.Released("cancelled", null),
    });

    private void Payments(SagaRequest request)
    {
        switch (request, Money)
        {
            case (SagaRequest.Pay, "none") when _story.Declined:
                Money = "failed";
                _fromPayments.Enqueue(new SagaMessage.PaymentFailed(s_payment, "authorize", "card_declined"));
                break;
            case (SagaRequest.Pay, "none") when _story.Challenged:
                Money = "challenged";
                _fromPayments.Enqueue(new SagaMessage.ActionRequired(s_payment, "https://bank.example/challenge"));
                break;
            case (SagaRequest.Pay, "none" or "held"):
                Money = "held";
                _fromPayments.Enqueue(new SagaMessage.Authorized(s_payment, 1_000));
                break;
            case (SagaRequest.Confirm, "held") when _story.CaptureFails:
                Money = "failed";
                _fromPayments.Enqueue(new SagaMessage.PaymentFailed(s_payment, "capture", "processing_error"));
                break;
            case (SagaRequest.Confirm, "held" or "captured"):
                (Money, MoneyWasTaken) = ("captured", true);
                _fromPayments.Enqueue(new SagaMessage.Captured(s_payment, 1_000));
                break;
            case (SagaRequest.Cancel, "captured"):
                Money = "refunded";
                _fromPayments.Enqueue(new SagaMessage.Refunded(Guid.NewGuid(), null, 1_000, 1_000));
                break;
            case (SagaRequest.Cancel, not "refunded"):
                Money = "voided";
                _fromPayments.Enqueue(new SagaMessage.Voided(s_payment));
                break;
        }
    }

    /// <summary>The buyer at the bank.</summary>
    private void Answer()
    {
        Money = _story.Approved ? "held" : "failed";
        _fromPayments.Enqueue(_story.Approved
            ? new SagaMessage.Authorized(s_payment, 1_000)
            : new SagaMessage.PaymentFailed(s_payment, "authorize", "authentication_failed"));
    }
}
