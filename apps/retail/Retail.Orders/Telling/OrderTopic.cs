using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Npgsql;
using Retail.Contracts;
using Retail.Orders.Ordering;
using Slipway.Sdk.Messaging;

namespace Retail.Orders.Telling;

/// <summary>What this service tells the others, written in the transaction of the change.</summary>
internal sealed class OrderTopic(Outbox outbox)
{
    public Task CreatedAsync(NpgsqlTransaction transaction, OrderState order, CancellationToken cancellation) => TellAsync(
        transaction, EventTypes.OrderCreated, order,
        new OrderCreated(
            order.Id, order.OrderNumber, order.UserId,
            [.. order.Items.Select(item => new OrderLine(item.Sku, item.ProductId, item.VendorId, item.Name, item.UnitPriceMinor, item.Quantity))],
            order.Totals.TotalMinor, order.Currency),
        ContractsJson.Default.OrderCreated, cancellation);

    public Task PaymentRequestedAsync(NpgsqlTransaction transaction, OrderState order, string paymentToken, CancellationToken cancellation) => TellAsync(
        transaction, EventTypes.OrderPaymentRequested, order,
        new OrderPaymentRequested(order.Id, order.UserId, order.Totals.TotalMinor, order.Currency, paymentToken),
        ContractsJson.Default.OrderPaymentRequested, cancellation);

    public Task ConfirmedAsync(NpgsqlTransaction transaction, OrderState order, CancellationToken cancellation) => TellAsync(
        transaction, EventTypes.OrderConfirmed, order,
        new OrderConfirmed(order.Id, order.Totals.TotalMinor, order.Currency), ContractsJson.Default.OrderConfirmed, cancellation);

    public Task CancelledAsync(NpgsqlTransaction transaction, OrderState order, string reason, CancellationToken cancellation) => TellAsync(
        transaction, EventTypes.OrderCancelled, order,
        new OrderCancelled(order.Id, reason, [.. order.Kept.Select(line => new OrderedPiece(line.Sku, line.Quantity))]),
        ContractsJson.Default.OrderCancelled, cancellation);

    public Task UpdatedAsync(NpgsqlTransaction transaction, OrderState order, OrderStatus previous, CancellationToken cancellation) => TellAsync(
        transaction, EventTypes.OrderUpdated, order,
        new OrderUpdated(order.Id, order.UserId, order.Status.Name(), previous.Name()), ContractsJson.Default.OrderUpdated, cancellation);

    public Task ReturnRequestedAsync(NpgsqlTransaction transaction, OrderState order, ReturnAsked asked, CancellationToken cancellation) => TellAsync(
        transaction, EventTypes.OrderReturnRequested, order,
        new OrderReturnRequested(
            order.Id, asked.ReturnId, [.. asked.Lines.Select(line => new OrderedPiece(line.Sku, line.Quantity))], asked.AmountMinor, order.Currency, asked.Restock),
        ContractsJson.Default.OrderReturnRequested, cancellation);

    private Task TellAsync<T>(NpgsqlTransaction transaction, string type, OrderState order, T data, JsonTypeInfo<T> json, CancellationToken cancellation) =>
        outbox.AddAsync(
            transaction,
            new OutgoingEvent
            {
                Type = type,
                Topic = Topics.Orders,
                Subject = order.Id.ToString(),
                Data = (JsonObject)JsonSerializer.SerializeToNode(data, json)!,
                Sequence = order.Version,
            },
            cancellation);
}
