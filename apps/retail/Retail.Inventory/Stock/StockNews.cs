using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Npgsql;
using Retail.Contracts;
using Slipway.Sdk.Messaging;

namespace Retail.Inventory.Stock;

/// <summary>What the other services learn about stock, written in the transaction of the change.</summary>
internal sealed class StockNews(Outbox outbox)
{
    public async Task ChangedAsync(NpgsqlTransaction transaction, StockItem item, bool tellLow, CancellationToken cancellation)
    {
        await AddAsync(
            transaction, EventTypes.InventoryUpdated, item.Sku, item.Version,
            new StockChanged(item.Sku, item.ProductId, item.Available, item.Quantity, item.Reserved, item.Version), ContractsJson.Default.StockChanged, cancellation);
        if (tellLow)
        {
            await AddAsync(
                transaction, EventTypes.InventoryLowStock, item.Sku, item.Version,
                new StockLow(item.Sku, item.ProductId, item.Available, item.Threshold), ContractsJson.Default.StockLow, cancellation);
        }
    }

    public Task ReservedAsync(NpgsqlTransaction transaction, StockReserved news, CancellationToken cancellation) =>
        AddAsync(transaction, EventTypes.InventoryReserved, news.OrderId.ToString(), null, news, ContractsJson.Default.StockReserved, cancellation);

    public Task RefusedAsync(NpgsqlTransaction transaction, ReservationFailed news, CancellationToken cancellation) =>
        AddAsync(transaction, EventTypes.InventoryReservationFailed, news.OrderId.ToString(), null, news, ContractsJson.Default.ReservationFailed, cancellation);

    public Task ReleasedAsync(NpgsqlTransaction transaction, StockReleased news, CancellationToken cancellation) =>
        AddAsync(transaction, EventTypes.InventoryReleased, news.OrderId.ToString(), null, news, ContractsJson.Default.StockReleased, cancellation);

    public Task CommittedAsync(NpgsqlTransaction transaction, StockCommitted news, CancellationToken cancellation) =>
        AddAsync(transaction, EventTypes.InventoryCommitted, news.OrderId.ToString(), null, news, ContractsJson.Default.StockCommitted, cancellation);

    private Task AddAsync<T>(
        NpgsqlTransaction transaction, string type, string subject, long? sequence, T news, JsonTypeInfo<T> shape, CancellationToken cancellation) =>
        outbox.AddAsync(
            transaction,
            new OutgoingEvent
            {
                Topic = Topics.Inventory,
                Type = type,
                Subject = subject,
                Sequence = sequence,
                Data = JsonSerializer.SerializeToNode(news, shape)!.AsObject(),
                DataClassification = "internal",
            },
            cancellation);
}
