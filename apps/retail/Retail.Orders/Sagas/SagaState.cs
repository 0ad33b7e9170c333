using System.Text.Json.Serialization;

namespace Retail.Orders.Sagas;

[JsonConverter(typeof(JsonStringEnumConverter<SagaPhase>))]
internal enum SagaPhase
{
    Reserving,
    Paying,

    /// <summary>The buyer has to confirm the payment.</summary>
    AwaitingBuyer,

    /// <summary>Stock is being sold and money taken; both have to be told done.</summary>
    Confirming,
    Confirmed,
    Compensating,
    Cancelled,

    /// <summary>Compensation was asked for often enough without an answer. A late answer still counts.</summary>
    Failed,
}

/// <summary>What is known of the stock.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StockStanding>))]
internal enum StockStanding
{
    Asked,
    Held,
    Refused,
    Sold,
    Released,
}

/// <summary>What is known of the money.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MoneyStanding>))]
internal enum MoneyStanding
{
    None,
    Asked,
    Challenged,
    Held,
    Refused,
    Taken,
    Voided,
    Refunded,
}

/// <summary>One purchase on its way through inventory and payments; everything that is remembered about it between two messages.</summary>
internal sealed record SagaState
{
    public required Guid OrderId { get; set; }

    public required long AmountMinor { get; set; }

    public SagaPhase Phase { get; set; } = SagaPhase.Reserving;

    public StockStanding Stock { get; set; } = StockStanding.Asked;

    public MoneyStanding Money { get; set; } = MoneyStanding.None;

    public long CapturedMinor { get; set; }

    public long RefundedMinor { get; set; }

    /// <summary>The provider would not hand out the money that it held.</summary>
    public bool CaptureRefused { get; set; }

    /// <summary>How often the present step was asked for.</summary>
    public int Attempts { get; set; } = 1;

    /// <summary>When the present step is asked for again or given up; null while nothing is waited for.</summary>
    public DateTimeOffset? DueAt { get; set; }

    public DateTimeOffset? ReservedUntil { get; set; }

    public string? Reason { get; set; }

    public string? RefusalCode { get; set; }

    public required DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public IReadOnlyList<StepTime> Steps { get; set; } = [];

    [JsonIgnore]
    public bool Ended => Phase is SagaPhase.Confirmed or SagaPhase.Cancelled or SagaPhase.Failed;

    /// <summary>Nothing that was done for the order is left standing.</summary>
    [JsonIgnore]
    public bool Undone =>
        Stock is StockStanding.Refused or StockStanding.Released
        && Money is MoneyStanding.None or MoneyStanding.Refused or MoneyStanding.Voided or MoneyStanding.Refunded;
}

/// <summary>When a step was worked on, for people who look at the saga.</summary>
internal sealed record StepTime(string Name, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int Attempts, string? Error);

/// <summary>How long a step may take and how often it is asked for.</summary>
internal sealed record SagaPace
{
    public TimeSpan Step { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For a buyer who has to confirm, when the reservation says nothing else.</summary>
    public TimeSpan Buyer { get; init; } = TimeSpan.FromMinutes(15);

    public int Attempts { get; init; } = 3;

    /// <summary>Undoing is insisted on for longer, with growing pauses.</summary>
    public int UndoAttempts { get; init; } = 12;

    public TimeSpan UndoPauseMax { get; init; } = TimeSpan.FromMinutes(15);
}

internal static class SagaPhaseNames
{
    public static string Name(this SagaPhase phase) => phase switch
    {
        SagaPhase.Reserving => "reserving",
        SagaPhase.Paying => "paying",
        SagaPhase.AwaitingBuyer => "actionRequired",
        SagaPhase.Confirming => "confirming",
        SagaPhase.Confirmed => "confirmed",
        SagaPhase.Compensating => "compensating",
        SagaPhase.Cancelled => "cancelled",
        _ => "failed",
    };
}
