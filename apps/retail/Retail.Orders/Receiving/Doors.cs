using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Retail.Contracts;
using Retail.Orders.Ordering;
using Retail.Orders.People;
using Retail.Orders.Pricing;
using Retail.Orders.Sagas;
using Slipway.Sdk.Messaging;

namespace Retail.Orders.Receiving;

/// <summary>What this service hears from the others, a door for each topic. Every event has its effect once.</summary>
internal static class Doors
{
    public static void Map(WebApplication app)
    {
        app.MapEvents(
            "products",
            EventHandling.Of(EventTypes.ProductCreated, ContractsJson.Default.ProductChanged, (product, _, transaction, _, cancellation) => PriceView.ApplyAsync(transaction, product, cancellation)),
            EventHandling.Of(EventTypes.ProductUpdated, ContractsJson.Default.ProductChanged, (product, _, transaction, _, cancellation) => PriceView.ApplyAsync(transaction, product, cancellation)),
            EventHandling.Of(EventTypes.ProductDeleted, ContractsJson.Default.ProductDeleted, (product, _, transaction, _, cancellation) => PriceView.ForgetAsync(transaction, product, cancellation)));
        app.MapEvents(
            "inventory",
            EventHandling.Of(EventTypes.InventoryReserved, ContractsJson.Default.StockReserved, (told, _, transaction, services, cancellation) =>
                TellAsync(services, transaction, told.OrderId, new SagaMessage.Reserved(told.ReservationId, told.ExpiresAt), cancellation)),
            EventHandling.Of(EventTypes.InventoryReservationFailed, ContractsJson.Default.ReservationFailed, (told, _, transaction, services, cancellation) =>
                TellAsync(
                    services, transaction, told.OrderId,
                    new SagaMessage.NotReserved(told.Reason, [.. (told.Lines ?? []).Select(line => new ShortLine(line.Sku, line.Requested, line.Available))]), cancellation)),
            EventHandling.Of(EventTypes.InventoryReleased, ContractsJson.Default.StockReleased, (told, _, transaction, services, cancellation) =>
                TellAsync(services, transaction, told.OrderId, new SagaMessage.Released(told.Reason, told.ReturnId), cancellation)),
            EventHandling.Of(EventTypes.InventoryCommitted, ContractsJson.Default.StockCommitted, (told, _, transaction, services, cancellation) =>
                TellAsync(services, transaction, told.OrderId, new SagaMessage.Committed(), cancellation)));
        app.MapEvents(
            "payments",
            EventHandling.Of(EventTypes.PaymentAuthorized, ContractsJson.Default.PaymentAuthorized, (told, _, transaction, services, cancellation) =>
                TellAsync(services, transaction, told.OrderId, new SagaMessage.Authorized(told.PaymentId, told.AmountMinor), cancellation)),
            EventHandling.Of(EventTypes.PaymentActionRequired, ContractsJson.Default.PaymentActionRequired, (told, _, transaction, services, cancellation) =>
                TellAsync(services, transaction, told.OrderId, new SagaMessage.ActionRequired(told.PaymentId, told.Url), cancellation)),
            EventHandling.Of(EventTypes.PaymentCompleted, ContractsJson.Default.PaymentCompleted, (told, _, transaction, services, cancellation) =>
                TellAsync(services, transaction, told.OrderId, new SagaMessage.Captured(told.PaymentId, told.AmountMinor), cancellation)),
            EventHandling.Of(EventTypes.PaymentFailed, ContractsJson.Default.PaymentFailed, (told, _, transaction, services, cancellation) =>
                TellAsync(services, transaction, told.OrderId, new SagaMessage.PaymentFailed(told.PaymentId, told.Stage, told.Code), cancellation)),
            EventHandling.Of(EventTypes.PaymentVoided, ContractsJson.Default.PaymentVoided, (told, _, transaction, services, cancellation) =>
                TellAsync(services, transaction, told.OrderId, new SagaMessage.Voided(told.PaymentId), cancellation)),
            EventHandling.Of(EventTypes.PaymentRefunded, ContractsJson.Default.PaymentRefunded, (told, _, transaction, services, cancellation) =>
                TellAsync(
                    services, transaction, told.OrderId,
                    new SagaMessage.Refunded(told.RefundId, told.ReturnId, told.AmountMinor, told.RefundedTotalMinor), cancellation)));
        app.MapEvents(
            "users",
            EventHandling.Of(EventTypes.UserDeleted, ContractsJson.Default.UserDeleted, (person, _, transaction, _, cancellation) =>
                OrderContacts.EraseAsync(transaction, person.UserId, cancellation)));
    }

    /// <summary>An order that is not in these books is somebody else's business; the event is taken and nothing happens.</summary>
    private static async Task TellAsync(IServiceProvider services, NpgsqlTransaction transaction, Guid orderId, SagaMessage message, CancellationToken cancellation) =>
        await services.GetRequiredService<SagaBook>().TellAsync(transaction, orderId, message, cancellation);
}
