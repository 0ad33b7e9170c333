namespace Retail.Orders.Sagas;

/// <summary>One box of the picture of a saga.</summary>
internal sealed record SagaStep
{
    public required string Name { get; set; }

    /// <summary><c>waiting</c>, <c>running</c>, <c>done</c>, <c>failed</c>, <c>compensating</c>, <c>compensated</c> or <c>skipped</c>.</summary>
    public required string State { get; set; }

    public required int Attempts { get; set; }

    public required DateTimeOffset? StartedAt { get; set; }

    public required DateTimeOffset? EndedAt { get; set; }

    public required string? Error { get; set; }

    /// <summary>What undoes this step.</summary>
    public required string? Compensation { get; set; }
}

/// <summary>The saga as people look at it.</summary>
internal static class SagaGraph
{
    public static IReadOnlyList<SagaStep> Of(SagaState saga)
    {
        var undoing = saga.Phase is SagaPhase.Compensating or SagaPhase.Failed;
        var calledOff = undoing || saga.Phase == SagaPhase.Cancelled;
        var open = undoing ? "compensating" : "done";
        var waiting = calledOff ? "skipped" : "waiting";
        var reserve = saga.Stock switch
        {
            StockStanding.Asked => calledOff ? "compensating" : "running",
            StockStanding.Held or StockStanding.Sold => open,
            StockStanding.Refused => ErrorOf(saga, Saga.Reserve) is null ? "compensated" : "failed",
            _ => "compensated",
        };
        var pay = saga.Money switch
        {
            MoneyStanding.None => waiting,
            MoneyStanding.Asked or MoneyStanding.Challenged => undoing ? "compensating" : "running",
            MoneyStanding.Held or MoneyStanding.Taken => open,
            MoneyStanding.Refused => "failed",
            _ => "compensated",
        };
        var commit = Find(saga, Saga.Commit) is null ? waiting : saga.Stock switch
        {
            StockStanding.Sold => open,
            StockStanding.Refused => "failed",
            StockStanding.Released when calledOff => "compensated",
            _ => undoing ? "compensating" : "running",
        };
        var capture = Find(saga, Saga.Capture) is null ? waiting : saga.Money switch
        {
            MoneyStanding.Taken => open,
            MoneyStanding.Refunded or MoneyStanding.Voided => saga.CaptureRefused ? "failed" : "compensated",
            _ => saga.CaptureRefused ? "failed" : undoing ? "compensating" : "running",
        };
        return
        [
            new SagaStep
            {
                Name = "create", State = calledOff ? undoing ? "compensating" : "compensated" : "done", Attempts = 1,
                StartedAt = saga.StartedAt, EndedAt = saga.StartedAt, Error = calledOff ? saga.Reason : null, Compensation = "cancel",
            },
            Step(saga, Saga.Reserve, reserve, "release"),
            Step(saga, Saga.Pay, pay, "void"),
            Step(saga, Saga.Commit, commit, "restock"),
            Step(saga, Saga.Capture, capture, "refund"),
        ];
    }

    private static SagaStep Step(SagaState saga, string name, string state, string compensation)
    {
        var time = Find(saga, name);
        return new SagaStep
        {
            Name = name, State = state, Attempts = time?.Attempts ?? 0, StartedAt = time?.StartedAt, EndedAt = time?.EndedAt, Error = time?.Error, Compensation = compensation,
        };
    }

    private static string? ErrorOf(SagaState saga, string name) => Find(saga, name)?.Error;

    private static StepTime? Find(SagaState saga, string name) => saga.Steps.FirstOrDefault(step => step.Name == name);
}
