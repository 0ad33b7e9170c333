using Npgsql;
using Retail.Orders.Ordering;
using Retail.Orders.Streams;
using Retail.Orders.Telling;

namespace Retail.Orders.Sagas;

/// <summary>Carries out what the state machine decides: stream, saga and outgoing events change together or not at all.</summary>
internal sealed class SagaBook(OrderBook orders, OrderTopic topic, SagaPace pace, SagaMetrics metrics, TimeProvider time)
{
    /// <summary>The order is in the stream already; its saga begins by asking for stock.</summary>
    public async Task BeginAsync(NpgsqlTransaction transaction, OrderState order, string paymentToken, CancellationToken cancellation)
    {
        var saga = Saga.Begin(order.Id, order.Totals.TotalMinor, time.GetUtcNow(), pace);
        await SagaRows.AddAsync(transaction, saga, paymentToken, cancellation);
        await topic.CreatedAsync(transaction, order, cancellation);
    }

    /// <summary>Null when there is no such order.</summary>
    public async Task<(SagaState Saga, OrderState Order)?> TellAsync(
        NpgsqlTransaction transaction, Guid orderId, SagaMessage message, CancellationToken cancellation)
    {
        if (await SagaRows.LockAsync(transaction, orderId, cancellation) is not var (saga, paymentToken)
            || await OrderStream.LoadAsync(transaction.Connection!, orderId, cancellation) is not { } order)
        {
            return null;
        }

        var turnout = Saga.React(saga, message, time.GetUtcNow(), pace);
        var next = await orders.WriteAsync(transaction, order, turnout.Facts, cancellation);
        foreach (var request in turnout.Requests)
        {
            await RequestAsync(transaction, next, request, turnout.State, paymentToken, cancellation);
        }

        if (turnout.State != saga)
        {
            await SagaRows.SaveAsync(transaction, turnout.State, cancellation);
            metrics.Moved(saga, turnout.State);
        }

        return (turnout.State, next);
    }

    private Task RequestAsync(
        NpgsqlTransaction transaction, OrderState order, SagaRequest request, SagaState saga, string? paymentToken, CancellationToken cancellation) => request switch
    {
        SagaRequest.ReserveStock => topic.CreatedAsync(transaction, order, cancellation),
        SagaRequest.Pay => topic.PaymentRequestedAsync(transaction, order, paymentToken ?? "", cancellation),
        SagaRequest.Confirm => topic.ConfirmedAsync(transaction, order, cancellation),
        _ => topic.CancelledAsync(transaction, order, saga.Reason ?? "cancelled", cancellation),
    };
}
