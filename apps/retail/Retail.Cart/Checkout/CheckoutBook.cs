using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Retail.Cart.Carts;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Retail.Cart.Checkout;

/// <summary>
/// From a cart to an order: what is ordered is written down under its key first, then asked for, and taken out of the cart only when the
/// order is there. Stopped anywhere in between and asked again, it is the same order. No connection is held while the orders service works.
/// </summary>
internal sealed class CheckoutBook(Database database, OrdersService orders, CartMetrics metrics, TimeProvider time)
{
    public async Task<Outcome<JsonElement>> RunAsync(HttpContext http, CartId customer, Buyer buyer, string? givenKey, CancellationToken cancellation)
    {
        var begun = await database.WriteAsync((transaction, token) => BeginAsync(transaction, customer, buyer, givenKey, token), cancellation);
        if (!begun.Is(out var checkout, out var problem))
        {
            return problem;
        }

        var body = OrderRequest.Body(customer.Text, checkout.Record.Lines, buyer);
        var authorization = customer.IsGuest && http.Request.Headers.Authorization.Count == 0 ? null : http.Request.Headers.Authorization.ToString();
        var placed = await orders.PlaceAsync(body, checkout.Record.Key, authorization, cancellation);
        if (placed.Problem is { } refused)
        {
            await database.WriteAsync((transaction, token) => RefusedAsync(transaction, customer, checkout, refused, token), cancellation);
            metrics.Checkout("refused");
            return refused;
        }

        if (checkout.Record.ClearedVersion is null)
        {
            // Once ordered, the cart follows whether or not its buyer still listens.
            await database.WriteAsync((transaction, token) => TakeOutAsync(transaction, customer, checkout, token), CancellationToken.None);
            metrics.Checkout("ordered");
        }

        return placed;
    }

    private async Task<Outcome<Begun>> BeginAsync(NpgsqlTransaction transaction, CartId customer, Buyer buyer, string? givenKey, CancellationToken cancellation)
    {
        if (await CartRows.LockAsync(transaction, customer.Text, cancellation) is not { Id: { } id } cart)
        {
            return CartRules.EmptyCart;
        }

        var repeated = givenKey is not null
            ? await CheckoutRows.FindAsync(transaction, id, givenKey, cancellation)
            : cart.Lines.Count == 0 ? await CheckoutRows.ThatClearedAsync(transaction, id, cart.Version, cancellation) : null;
        if (repeated is not null)
        {
            return new Begun(id, repeated);
        }

        if (cart.Lines.Count == 0)
        {
            return CartRules.EmptyCart;
        }

        if (cart.Lines.FirstOrDefault(line => !line.Sold) is { } gone)
        {
            return Problem.Conflict("notSold", "A product is no longer sold", $"{gone.Name} is no longer sold. Take it out of the cart to order the rest.") with
            {
                Args = new() { ["sku"] = gone.Sku },
            };
        }

        var record = new CheckoutRecord(givenKey ?? OrderRequest.Key(cart, buyer), OrderRequest.Lines(cart), null);
        await CheckoutRows.InsertAsync(transaction, id, record, time.GetUtcNow(), cancellation);
        return new Begun(id, record);
    }

    /// <summary>What was ordered goes; what came into the cart meanwhile stays.</summary>
    private async Task TakeOutAsync(NpgsqlTransaction transaction, CartId customer, Begun checkout, CancellationToken cancellation)
    {
        if (await CartRows.LockAsync(transaction, customer.Text, cancellation) is not { Id: { } id } cart || id != checkout.CartId
            || await CheckoutRows.FindAsync(transaction, id, checkout.Record.Key, cancellation) is not { ClearedVersion: null })
        {
            return;
        }

        foreach (var ordered in checkout.Record.Lines)
        {
            if (cart.Lines.FirstOrDefault(line => line.Sku == ordered.Sku) is not { } line)
            {
                continue;
            }

            if (line.Quantity > ordered.Quantity)
            {
                await CartRows.UpdateAsync(transaction, line with { Quantity = line.Quantity - ordered.Quantity }, cancellation);
            }
            else
            {
                await CartRows.RemoveAsync(transaction, line, cancellation);
            }
        }

        var after = await CartRows.TouchAsync(transaction, cart, time.GetUtcNow(), cancellation);
        await CheckoutRows.ClearedAsync(transaction, id, checkout.Record.Key, after.Version, cancellation);
    }

    /// <summary>
    /// A refusal is remembered under its key by the orders service. The next try of the same cart is another one and gets another key, which
    /// is what counting the version up does.
    /// </summary>
    private async Task RefusedAsync(NpgsqlTransaction transaction, CartId customer, Begun checkout, Problem refused, CancellationToken cancellation)
    {
        // Still being worked on, or asked too often: the same try goes on later.
        if (refused.Code == "idempotencyKeyInUse" || refused.Status == 429 || checkout.Record.ClearedVersion is not null)
        {
            return;
        }

        if (await CartRows.LockAsync(transaction, customer.Text, cancellation) is { Id: { } id } cart && id == checkout.CartId
            && await CheckoutRows.FindAsync(transaction, id, checkout.Record.Key, cancellation) is { ClearedVersion: null })
        {
            await CheckoutRows.DeleteAsync(transaction, id, checkout.Record.Key, cancellation);
            await CartRows.TouchAsync(transaction, cart, time.GetUtcNow(), cancellation);
        }
    }

    private sealed record Begun(int CartId, CheckoutRecord Record);
}
