using Npgsql;
using Retail.Cart.Carts;
using Slipway.Sdk.Database;

namespace Retail.Cart.Checkout;

/// <summary>A checkout on its way or done.</summary>
/// <param name="ClearedVersion">The cart's version after it was cleared for this; null until then.</param>
internal sealed record CheckoutRecord(string Key, IReadOnlyList<OrderedLine> Lines, long? ClearedVersion);

internal static class CheckoutRows
{
    private const string Columns = "key, skus, quantities, prices, cleared_version";

    public static Task<CheckoutRecord?> FindAsync(NpgsqlTransaction transaction, int cart, string key, CancellationToken cancellation) =>
        transaction.Command($"select {Columns} from checkouts where cart_id = $1 and key = $2", cart, key).OneAsync(Read, cancellation);

    /// <summary>The one that emptied the cart as it is now: a second click meant that one.</summary>
    public static Task<CheckoutRecord?> ThatClearedAsync(NpgsqlTransaction transaction, int cart, long version, CancellationToken cancellation) =>
        transaction.Command($"select {Columns} from checkouts where cart_id = $1 and cleared_version = $2 limit 1", cart, version).OneAsync(Read, cancellation);

    public static Task InsertAsync(NpgsqlTransaction transaction, int cart, CheckoutRecord checkout, DateTimeOffset now, CancellationToken cancellation) =>
        transaction.Command(
            "insert into checkouts (cart_id, key, skus, quantities, prices, created_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
            cart, checkout.Key, checkout.Lines.Select(line => line.Sku).ToArray(), checkout.Lines.Select(line => line.Quantity).ToArray(),
            checkout.Lines.Select(line => line.PriceMinor).ToArray(), now).ExecuteAsync(cancellation);

    public static Task ClearedAsync(NpgsqlTransaction transaction, int cart, string key, long version, CancellationToken cancellation) =>
        transaction.Command("update checkouts set cleared_version = $3 where cart_id = $1 and key = $2", cart, key, version).ExecuteAsync(cancellation);

    public static Task DeleteAsync(NpgsqlTransaction transaction, int cart, string key, CancellationToken cancellation) =>
        transaction.Command("delete from checkouts where cart_id = $1 and key = $2", cart, key).ExecuteAsync(cancellation);

    private static CheckoutRecord Read(NpgsqlDataReader row)
    {
        var (skus, quantities, prices) = (row.GetFieldValue<string[]>(1), row.GetFieldValue<int[]>(2), row.GetFieldValue<long[]>(3));
        return new CheckoutRecord(row.GetString(0), [.. skus.Select((sku, at) => new OrderedLine(sku, quantities[at], prices[at]))], row.OrNull<long>(4));
    }
}
