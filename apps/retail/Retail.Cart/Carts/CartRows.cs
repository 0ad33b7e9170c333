using Npgsql;
using NpgsqlTypes;
using Slipway.Sdk.Database;

namespace Retail.Cart.Carts;

/// <summary>The tables of carts. Writers of one cart follow each other on its row.</summary>
internal static class CartRows
{
    private const string LinesSql =
        """
        select i.id, i.product_id, i.sku, coalesce(p.name, i.product_name), coalesce(p.price_minor, (i.price * 100)::bigint),
            (coalesce(i.seen_price, i.price) * 100)::bigint, i.quantity, coalesce(p.active, true), p.image_url, s.available
        from cart_items i left join product_view p on p.sku = i.sku left join stock_view s on s.sku = i.sku
        where i.cart_id = $1 order by i.id
        """;

    private const string CartColumns = "id, customer_id, version, created_at, updated_at";

    public static async Task<CartState> ReadAsync(NpgsqlConnection connection, string customer, CancellationToken cancellation) =>
        await connection.Command($"select {CartColumns} from carts where customer_id = $1", customer).OneAsync(ReadCart, cancellation) is { } cart
            ? await WithLinesAsync(connection, cart, cancellation)
            : CartState.Empty(customer);

    /// <summary>The cart, locked, and made if there is none.</summary>
    public static async Task<CartState> OpenAsync(NpgsqlTransaction transaction, string customer, DateTimeOffset now, CancellationToken cancellation)
    {
        await transaction.Command(
            "insert into carts (customer_id, created_at, updated_at) values ($1, $2, $2) on conflict (customer_id) do nothing", customer, now).ExecuteAsync(cancellation);
        return (await LockAsync(transaction, customer, cancellation))!;
    }

    public static async Task<CartState?> LockAsync(NpgsqlTransaction transaction, string customer, CancellationToken cancellation) =>
        await transaction.Command($"select {CartColumns} from carts where customer_id = $1 for update", customer).OneAsync(ReadCart, cancellation) is { } cart
            ? await WithLinesAsync(transaction.Connection!, cart, cancellation)
            : null;

    /// <summary>Every change counts the version up and moves the day on which a guest's cart is forgotten.</summary>
    public static async Task<CartState> TouchAsync(NpgsqlTransaction transaction, CartState cart, DateTimeOffset now, CancellationToken cancellation)
    {
        await transaction.Command("update carts set version = version + 1, updated_at = $2 where id = $1", cart.Id, now).ExecuteAsync(cancellation);
        return await WithLinesAsync(transaction.Connection!, cart with { Version = cart.Version + 1, UpdatedAt = now }, cancellation);
    }

    public static Task InsertAsync(NpgsqlTransaction transaction, CartState cart, CartLine line, DateTimeOffset now, CancellationToken cancellation) =>
        transaction.Command(
            """
            insert into cart_items (cart_id, product_id, product_name, price, quantity, created_at, sku, seen_price) values ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            cart.Id, line.ProductId, line.Name, Amount(line.PriceMinor), line.Quantity, now, line.Sku, Seen(line)).ExecuteAsync(cancellation);

    public static Task UpdateAsync(NpgsqlTransaction transaction, CartLine line, CancellationToken cancellation) =>
        transaction.Command(
            "update cart_items set quantity = $2, price = $3, seen_price = $4, product_name = $5 where id = $1",
            line.Id, line.Quantity, Amount(line.PriceMinor), Seen(line), line.Name).ExecuteAsync(cancellation);

    public static Task RemoveAsync(NpgsqlTransaction transaction, CartLine line, CancellationToken cancellation) =>
        transaction.Command("delete from cart_items where id = $1", line.Id).ExecuteAsync(cancellation);

    public static Task ClearAsync(NpgsqlTransaction transaction, CartState cart, CancellationToken cancellation) =>
        transaction.Command("delete from cart_items where cart_id = $1", cart.Id).ExecuteAsync(cancellation);

    public static Task DeleteAsync(NpgsqlTransaction transaction, string customer, CancellationToken cancellation) =>
        transaction.Command("delete from carts where customer_id = $1", customer).ExecuteAsync(cancellation);

    /// <summary>Cents as the amount with two digits that clients of this service read.</summary>
    public static decimal Amount(long minor) => minor * 0.01m;

    private static NpgsqlParameter Seen(CartLine line) =>
        new() { Value = line.SeenMinor == line.PriceMinor ? DBNull.Value : Amount(line.SeenMinor), NpgsqlDbType = NpgsqlDbType.Numeric };

    private static async Task<CartState> WithLinesAsync(NpgsqlConnection connection, CartState cart, CancellationToken cancellation) =>
        cart with { Lines = await connection.Command(LinesSql, cart.Id).ListAsync(ReadLine, cancellation) };

    private static CartState ReadCart(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt32(0),
        CustomerId = row.GetString(1),
        Version = row.GetInt64(2),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(3),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(4),
    };

    private static CartLine ReadLine(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt32(0),
        ProductId = row.GetString(1),
        Sku = row.GetString(2),
        Name = row.GetString(3),
        PriceMinor = row.GetInt64(4),
        SeenMinor = row.GetInt64(5),
        Quantity = row.GetInt32(6),
        Sold = row.GetBoolean(7),
        ImageUrl = row.TextOrNull(8),
        Available = row.OrNull<long>(9),
    };
}
