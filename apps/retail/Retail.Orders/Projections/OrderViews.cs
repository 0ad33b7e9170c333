using System.Text.Json;
using Npgsql;
using Retail.Orders.Ordering;
using Retail.Orders.Streams;
using Slipway.Sdk.Database;

namespace Retail.Orders.Projections;

/// <summary>
/// Tables for reading: the list of orders and the lines of vendors. Each row follows from an order's state alone and is
/// written in the transaction of its events, so whoever wrote reads their own writing.
/// </summary>
internal static class OrderViews
{
    public const string Live = "";
    public const string Beside = "_beside";

    /// <param name="suffix">Which set of the tables: <see cref="Live"/> or <see cref="Beside"/>.</param>
    public static async Task WriteAsync(NpgsqlTransaction transaction, OrderState order, string suffix, CancellationToken cancellation)
    {
        await transaction.Command(
            $"""
            insert into orders{suffix} (id, number, user_id, status, items, pieces, subtotal_minor, tax_minor, shipping_minor, total_minor, currency,
                payment_id, captured_minor, refunded_minor, cancel_reason, version, created_at, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
            on conflict (id) do update set status = excluded.status, items = excluded.items, payment_id = excluded.payment_id,
                captured_minor = excluded.captured_minor, refunded_minor = excluded.refunded_minor, cancel_reason = excluded.cancel_reason,
                version = excluded.version, updated_at = excluded.updated_at
            """,
            order.Id,
            order.OrderNumber,
            Nullable(order.UserId),
            order.Status.Name(),
            OrderStream.Json(JsonSerializer.Serialize(order.Items, DomainJson.Default.IReadOnlyListOrderItem)),
            (long)order.Items.Sum(item => item.Quantity),
            order.Totals.SubtotalMinor,
            order.Totals.TaxMinor,
            order.Totals.ShippingMinor,
            order.Totals.TotalMinor,
            order.Currency,
            Nullable(order.PaymentId),
            order.CapturedMinor,
            order.RefundedMinor,
            NullableText(order.CancelReason),
            order.Version,
            order.CreatedAt,
            order.UpdatedAt).ExecuteAsync(cancellation);
        await transaction.Command(
            $"""
            insert into order_lines{suffix} (order_id, sku, product_id, vendor_id, name, unit_price_minor, quantity, returned, status, currency, created_at)
            select $1, l.sku, l.product_id, l.vendor_id, l.name, l.price, l.quantity, l.returned, $9, $10, $11
            from unnest($2, $3, $4, $5, $6, $7, $8) as l (sku, product_id, vendor_id, name, price, quantity, returned)
            on conflict (order_id, sku) do update set returned = excluded.returned, status = excluded.status
            """,
            order.Id,
            order.Items.Select(item => item.Sku).ToArray(),
            order.Items.Select(item => item.ProductId).ToArray(),
            order.Items.Select(item => item.VendorId).ToArray(),
            order.Items.Select(item => item.Name).ToArray(),
            order.Items.Select(item => item.UnitPriceMinor).ToArray(),
            order.Items.Select(item => item.Quantity).ToArray(),
            order.Items.Select(item => item.Returned).ToArray(),
            order.Status.Name(),
            order.Currency,
            order.CreatedAt).ExecuteAsync(cancellation);
    }

    private static NpgsqlParameter Nullable(Guid? id) => new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid, Value = id is { } value ? value : DBNull.Value };

    private static NpgsqlParameter NullableText(string? text) => new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text, Value = text is null ? DBNull.Value : text };
}
