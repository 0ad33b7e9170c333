using Npgsql;
using Retail.Cart.Products;
using Slipway.Sdk.Problems;

namespace Retail.Cart.Carts;

/// <summary>Everything that can be done to a cart, inside one transaction that holds the cart's row.</summary>
internal sealed class CartBook(TimeProvider time)
{
    /// <summary>More of a product. Its price and name are the catalogue's; a price the buyer was shown is only remembered to tell the difference.</summary>
    public async Task<Outcome<CartState>> AddAsync(
        NpgsqlTransaction transaction, CartId customer, Sellable product, string calledBy, int quantity, long? shownMinor, Func<CartState, Problem?> check, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var cart = await CartRows.OpenAsync(transaction, customer.Text, now, cancellation);
        if (check(cart) is { } refused)
        {
            return refused;
        }

        if (cart.Lines.FirstOrDefault(line => line.Sku == product.Sku) is { } line)
        {
            if (line.Quantity + quantity > CartRules.QuantityMax)
            {
                return CartRules.TooMany(line.Quantity + quantity);
            }

            await CartRows.UpdateAsync(
                transaction,
                line with { Quantity = line.Quantity + quantity, PriceMinor = product.PriceMinor, SeenMinor = shownMinor ?? product.PriceMinor, Name = product.Name },
                cancellation);
            return await CartRows.TouchAsync(transaction, cart, now, cancellation);
        }

        if (cart.Lines.Count >= CartRules.LinesMax)
        {
            return CartRules.Full;
        }

        // A product's id means its default variant, and which one that is may have changed since it was added.
        var taken = cart.Lines.Any(other => other.ProductId == calledBy);
        await CartRows.InsertAsync(
            transaction,
            cart,
            new CartLine
            {
                ProductId = taken ? product.Sku : calledBy,
                Sku = product.Sku,
                Name = product.Name,
                PriceMinor = product.PriceMinor,
                SeenMinor = shownMinor ?? product.PriceMinor,
                Quantity = quantity,
            },
            now,
            cancellation);
        return await CartRows.TouchAsync(transaction, cart, now, cancellation);
    }

    /// <summary>The quantity is this now; none removes the line. Whoever sets it has seen today's price.</summary>
    public async Task<Outcome<CartState>> SetAsync(
        NpgsqlTransaction transaction, CartId customer, string product, int quantity, Func<CartState, Problem?> check, CancellationToken cancellation)
    {
        if (await CartRows.LockAsync(transaction, customer.Text, cancellation) is not { } cart || Find(cart, product) is not { } line)
        {
            return CartRules.UnknownLine;
        }

        if (check(cart) is { } refused)
        {
            return refused;
        }

        if (quantity == 0)
        {
            await CartRows.RemoveAsync(transaction, line, cancellation);
        }
        else
        {
            await CartRows.UpdateAsync(transaction, line with { Quantity = quantity, SeenMinor = line.PriceMinor }, cancellation);
        }

        return await CartRows.TouchAsync(transaction, cart, time.GetUtcNow(), cancellation);
    }

    /// <summary>Removing what is not there is no mistake.</summary>
    public async Task<Outcome<CartState>> RemoveAsync(
        NpgsqlTransaction transaction, CartId customer, string product, Func<CartState, Problem?> check, CancellationToken cancellation)
    {
        if (await CartRows.LockAsync(transaction, customer.Text, cancellation) is not { } cart)
        {
            return CartState.Empty(customer.Text);
        }

        if (check(cart) is { } refused)
        {
            return refused;
        }

        if (Find(cart, product) is not { } line)
        {
            return cart;
        }

        await CartRows.RemoveAsync(transaction, line, cancellation);
        return await CartRows.TouchAsync(transaction, cart, time.GetUtcNow(), cancellation);
    }

    public async Task<Problem?> ClearAsync(NpgsqlTransaction transaction, CartId customer, Func<CartState, Problem?> check, CancellationToken cancellation)
    {
        if (await CartRows.LockAsync(transaction, customer.Text, cancellation) is not { } cart)
        {
            return null;
        }

        if (check(cart) is { } refused)
        {
            return refused;
        }

        if (cart.Lines.Count > 0)
        {
            await CartRows.ClearAsync(transaction, cart, cancellation);
            await CartRows.TouchAsync(transaction, cart, time.GetUtcNow(), cancellation);
        }

        return null;
    }

    /// <summary>Puts a guest's lines into the customer's cart and ends the guest's. Merging again finds no guest's cart and changes nothing.</summary>
    public async Task<(CartState Cart, MergePlan Plan)> MergeAsync(NpgsqlTransaction transaction, CartId guest, CartId customer, CancellationToken cancellation)
    {
        // The guest's cart is always locked first; a customer's cart is never merged into another, so nobody waits in a circle.
        var now = time.GetUtcNow();
        var from = await CartRows.LockAsync(transaction, guest.Text, cancellation);
        var cart = await CartRows.OpenAsync(transaction, customer.Text, now, cancellation);
        var plan = CartRules.Merge(cart.Lines, from?.Lines ?? []);
        if (from is null)
        {
            return (cart, plan);
        }

        foreach (var (line, quantity) in plan.Set)
        {
            if (cart.Lines.FirstOrDefault(own => own.Sku == line.Sku) is { } own)
            {
                await CartRows.UpdateAsync(transaction, own with { Quantity = quantity }, cancellation);
            }
            else
            {
                var taken = cart.Lines.Any(other => other.ProductId == line.ProductId);
                await CartRows.InsertAsync(transaction, cart, line with { Quantity = quantity, ProductId = taken ? line.Sku : line.ProductId }, now, cancellation);
            }
        }

        await CartRows.DeleteAsync(transaction, guest.Text, cancellation);
        return (await CartRows.TouchAsync(transaction, cart, now, cancellation), plan);
    }

    private static CartLine? Find(CartState cart, string product) =>
        cart.Lines.FirstOrDefault(line => line.ProductId == product) ?? cart.Lines.FirstOrDefault(line => line.Sku == product);
}
