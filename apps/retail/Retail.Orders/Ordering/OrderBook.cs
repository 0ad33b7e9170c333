using Npgsql;
using Retail.Orders.Live;
using Retail.Orders.Projections;
using Retail.Orders.Streams;
using Retail.Orders.Telling;

namespace Retail.Orders.Ordering;

/// <summary>Writes what has happened to an order: the stream, the tables for reading, and the word to others where the status matters to them.</summary>
internal sealed class OrderBook(OrderTopic topic, OrderWatch watch, TimeProvider time)
{
    public async Task<OrderState> WriteAsync(
        NpgsqlTransaction transaction, OrderState order, IReadOnlyList<OrderEvent> events, CancellationToken cancellation)
    {
        if (events.Count == 0)
        {
            return order;
        }

        var next = await OrderStream.AppendAsync(transaction, order, events, time.GetUtcNow(), cancellation);
        await OrderViews.WriteAsync(transaction, next, OrderViews.Live, cancellation);
        if (next.Status != order.Status && IsOfInterest(next.Status))
        {
            await topic.UpdatedAsync(transaction, next, order.Status, cancellation);
        }

        watch.Raise();
        return next;
    }

    /// <summary>Steps of the purchase have events of their own; this is for what others only look at.</summary>
    private static bool IsOfInterest(OrderStatus status) => status is not (OrderStatus.Pending or OrderStatus.Reserved or OrderStatus.Paid);
}
