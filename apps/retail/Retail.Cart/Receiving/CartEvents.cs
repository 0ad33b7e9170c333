using Microsoft.AspNetCore.Builder;
using Retail.Cart.Carts;
using Retail.Cart.Products;
using Retail.Contracts;
using Slipway.Sdk.Messaging;
using Slipway.Sdk.Problems;

namespace Retail.Cart.Receiving;

/// <summary>What the other services tell, and what a cart learns from it.</summary>
internal static class CartEvents
{
    public static void Map(WebApplication app)
    {
        app.MapEvents(
            "products",
            EventHandling.Of(EventTypes.ProductCreated, ContractsJson.Default.ProductChanged, (told, _, transaction, _, token) => ProductView.ChangedAsync(transaction, told, token)),
            EventHandling.Of(EventTypes.ProductUpdated, ContractsJson.Default.ProductChanged, (told, _, transaction, _, token) => ProductView.ChangedAsync(transaction, told, token)),
            EventHandling.Of(EventTypes.ProductDeleted, ContractsJson.Default.ProductDeleted, (told, _, transaction, _, token) => ProductView.DeletedAsync(transaction, told, token)));
        app.MapEvents(
            "inventory",
            EventHandling.Of(EventTypes.InventoryUpdated, ContractsJson.Default.StockChanged, (told, _, transaction, _, token) => told.Sku is { Length: > 0 and <= 64 }
                ? ProductView.StockChangedAsync(transaction, told, token)
                : throw new ProblemException(Problem.Unreadable("The event does not say which SKU it is about."))));
        app.MapEvents(
            "users",
            EventHandling.Of(EventTypes.UserDeleted, ContractsJson.Default.UserDeleted, (told, _, transaction, _, token) => CartRows.DeleteAsync(transaction, told.UserId.ToString(), token)));
    }
}
