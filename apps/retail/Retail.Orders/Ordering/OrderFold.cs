namespace Retail.Orders.Ordering;

/// <summary>From events to state. Never refuses: what is in the stream has happened.</summary>
internal static class OrderFold
{
    public static OrderState? All(Guid id, IEnumerable<RecordedEvent> events) =>
        events.Aggregate((OrderState?)null, (state, recorded) => Apply(state ?? new OrderState { Id = id }, recorded));

    public static OrderState Apply(OrderState state, RecordedEvent recorded) =>
        After(state, recorded.Event, recorded.At) with { Version = recorded.Version, UpdatedAt = recorded.At };

    private static OrderState After(OrderState order, OrderEvent happened, DateTimeOffset at) => happened switch
    {
        OrderPlaced placed => order with
        {
            OrderNumber = placed.OrderNumber,
            UserId = placed.UserId,
            Status = OrderStatus.Pending,
            Items = [.. placed.Lines.Select(line => new OrderItem(line.Sku, line.ProductId, line.VendorId, line.Name, line.UnitPriceMinor, line.Quantity, 0))],
            Totals = placed.Totals,
            Currency = placed.Currency,
            Country = placed.Country,
            CreatedAt = at,
        },
        StockHeld when order.Status == OrderStatus.Pending => order with { Status = OrderStatus.Reserved },
        BuyerAsked asked => order with { PaymentId = asked.PaymentId, ActionUrl = order.Status == OrderStatus.Reserved ? asked.Url : null },
        PaymentHeld held => order with
        {
            PaymentId = held.PaymentId,
            ActionUrl = null,
            Status = order.Status == OrderStatus.Reserved ? OrderStatus.Paid : order.Status,
        },
        MoneyTaken taken => order with { PaymentId = taken.PaymentId, CapturedMinor = taken.AmountMinor, ActionUrl = null },
        OrderCompleted => order with { Status = OrderStatus.Confirmed },
        OrderCalledOff off => order with { Status = OrderStatus.Cancelled, CancelReason = off.Reason, ActionUrl = null },
        UndoingEnded => order with { Status = OrderStatus.Cancelled },
        UndoingStuck => order with { Status = OrderStatus.Failed },
        StatusAdvanced advanced => order with { Status = advanced.Status },
        ReturnAsked asked => order with
        {
            Items = [.. order.Items.Select(item => item with { Returned = item.Returned + asked.Lines.Where(line => line.Sku == item.Sku).Sum(line => line.Quantity) })],
            Returns = [.. order.Returns, new OrderReturn(asked.ReturnId, asked.Lines, asked.AmountMinor, at)],
        },
        StockGivenBack { ReturnId: { } id } => order with { Returns = [.. order.Returns.Select(back => back.Id == id ? back with { RestockedAt = at } : back)] },
        MoneyRefunded refunded => Refunded(order, refunded, at),
        _ => order,
    };

    private static OrderState Refunded(OrderState order, MoneyRefunded refunded, DateTimeOffset at)
    {
        var total = Math.Max(order.RefundedMinor, refunded.RefundedTotalMinor);

        // Money that was taken and given back at once is told of only when it is back.
        var captured = Math.Max(order.CapturedMinor, total);
        var everything = total >= captured;
        return order with
        {
            CapturedMinor = captured,
            RefundedMinor = total,
            Status = everything && order.Status is not (OrderStatus.Cancelled or OrderStatus.Failed) ? OrderStatus.Refunded : order.Status,
            Returns = [.. order.Returns.Select(back => back.Id == refunded.ReturnId ? back with { RefundedAt = at } : back)],
        };
    }
}

/// <summary>An event with its place in the stream.</summary>
internal sealed record RecordedEvent(long Version, OrderEvent Event, DateTimeOffset At);
