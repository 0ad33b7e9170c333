using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Retail.Contracts;
using Retail.Inventory.Products;
using Retail.Inventory.Reserving;
using Slipway.Sdk.Messaging;
using Slipway.Sdk.Problems;

namespace Retail.Inventory.Receiving;

/// <summary>What the other services tell, and what stock does about it.</summary>
internal static class StockEvents
{
    private const string Orders = "orders";

    public static void Map(WebApplication app)
    {
        app.MapEvents(
            "products",
            Product<ProductChanged>(EventTypes.ProductCreated, ContractsJson.Default.ProductChanged, (book, told, transaction, token) => book.ChangedAsync(transaction, told, token)),
            Product<ProductChanged>(EventTypes.ProductUpdated, ContractsJson.Default.ProductChanged, (book, told, transaction, token) => book.ChangedAsync(transaction, told, token)),
            Product<ProductDeleted>(EventTypes.ProductDeleted, ContractsJson.Default.ProductDeleted, (book, told, transaction, token) => book.DeletedAsync(transaction, told, token)));
        app.MapEvents(
            "orders",
            Order<OrderCreated>(EventTypes.OrderCreated, ContractsJson.Default.OrderCreated, (book, told, transaction, token) =>
                book.ReserveAsync(transaction, Known(told.OrderId), Pieces(told.Lines?.Select(line => new OrderedPiece(line.Sku, line.Quantity))), Orders, token)),
            Order<OrderConfirmed>(EventTypes.OrderConfirmed, ContractsJson.Default.OrderConfirmed, (book, told, transaction, token) =>
                book.ConfirmAsync(transaction, Known(told.OrderId), Orders, token)),
            Order<OrderCancelled>(EventTypes.OrderCancelled, ContractsJson.Default.OrderCancelled, (book, told, transaction, token) =>
                book.ReleaseAsync(transaction, Known(told.OrderId), told.Reason ?? "cancelled", Orders, token)),
            EventHandling.Of(EventTypes.OrderReturnRequested, ContractsJson.Default.OrderReturnRequested, (told, _, transaction, services, token) => told.Restock
                ? services.GetRequiredService<ReturnBook>().ReturnAsync(transaction, Known(told.OrderId), Known(told.ReturnId), Pieces(told.Lines), token)
                : Task.CompletedTask));
    }

    /// <summary>Nobody sends such an order; one that came from elsewhere must not stop those behind it by failing for ever.</summary>
    private static List<OrderedPiece> Pieces(IEnumerable<OrderedPiece>? lines)
    {
        var pieces = lines?.ToList() ?? [];
        return pieces.Count > 0 && pieces.TrueForAll(piece => piece is { Quantity: > 0, Sku.Length: > 0 })
            ? pieces
            : throw new ProblemException(Problem.Unreadable("An order has lines, and each has a SKU and a quantity of at least 1."));
    }

    private static Guid Known(Guid id) =>
        id != Guid.Empty ? id : throw new ProblemException(Problem.Unreadable("The event does not say which order or return it is about."));

    private static EventHandling Product<T>(
        string type, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> shape, Func<ProductBook, T, NpgsqlTransaction, CancellationToken, Task> handle)
        where T : class =>
        EventHandling.Of(type, shape, (told, _, transaction, services, token) => handle(services.GetRequiredService<ProductBook>(), told, transaction, token));

    private static EventHandling Order<T>(
        string type, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> shape, Func<ReservationBook, T, NpgsqlTransaction, CancellationToken, Task> handle)
        where T : class =>
        EventHandling.Of(type, shape, (told, _, transaction, services, token) => handle(services.GetRequiredService<ReservationBook>(), told, transaction, token));
}
