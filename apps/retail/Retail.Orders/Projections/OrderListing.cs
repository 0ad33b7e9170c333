using System.Globalization;
using System.Text.Json;
using Npgsql;
using Retail.Orders.Endpoints;
using Retail.Orders.Ordering;
using Retail.Orders.Streams;
using Slipway.Sdk.Database;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;

namespace Retail.Orders.Projections;

/// <param name="UserId">Null: everybody's.</param>
internal sealed record OrderFilter(Guid? UserId, IReadOnlyList<string> Statuses, DateTimeOffset? From, DateTimeOffset? To);

/// <summary>Lists by keyset along the indexes on user, status or date.</summary>
internal sealed class OrderListing(Database database, Cursors cursors)
{
    public async Task<Outcome<OrderPage>> ReadAsync(PageRequest page, OrderFilter filter, string binding, CancellationToken cancellation)
    {
        if (!cursors.Read(page, binding).Is(out var keys, out var problem))
        {
            return problem;
        }

        var where = new Conditions();
        where.And("o.user_id = {0}", filter.UserId);
        where.And("o.status = any({0})", filter.Statuses.Count == 0 ? null : filter.Statuses);
        where.And("o.created_at >= {0}", filter.From);
        where.And("o.created_at < {0}", filter.To);
        var backwards = keys is ["p", ..];
        var descending = page.Descending != backwards;
        if (keys.Length == 3)
        {
            where.After("o.created_at, o.id", descending, DateTimeOffset.Parse(keys[1], CultureInfo.InvariantCulture), Guid.Parse(keys[2], CultureInfo.InvariantCulture));
        }

        var direction = descending ? "desc" : "asc";
        var rows = await database.ReadAsync(
            (connection, token) => connection.Command(
                $"""
                select o.id, o.number, o.user_id, o.status, o.items, o.subtotal_minor, o.tax_minor, o.shipping_minor, o.total_minor, o.currency, o.payment_id,
                    o.captured_minor, o.refunded_minor, o.cancel_reason, o.version, o.created_at, o.updated_at, s.phase
                from orders o left join sagas s on s.order_id = o.id
                where {where.Text} order by o.created_at {direction}, o.id {direction} limit {where.Value(page.Limit + 1)}
                """,
                where.Values).ListAsync(Read, token),
            cancellation);
        return new OrderPage(rows, Conditions.Page(cursors, page, binding, keys.Length > 0, backwards, rows, order => [order.CreatedAt.ToString("O", CultureInfo.InvariantCulture), order.Id.ToString()]));
    }

    private static OrderDocument Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        OrderNumber = row.GetString(1),
        UserId = row.OrNull<Guid>(2),
        Status = row.GetString(3),
        Items = OrderDocuments.Items(JsonSerializer.Deserialize(row.GetString(4), DomainJson.Default.IReadOnlyListOrderItem)!),
        Subtotal = OrderDocuments.Amount(row.GetInt64(5)),
        Tax = OrderDocuments.Amount(row.GetInt64(6)),
        Shipping = OrderDocuments.Amount(row.GetInt64(7)),
        Total = OrderDocuments.Amount(row.GetInt64(8)),
        Currency = row.GetString(9),
        PaymentId = row.OrNull<Guid>(10),
        Captured = OrderDocuments.Amount(row.GetInt64(11)),
        Refunded = OrderDocuments.Amount(row.GetInt64(12)),
        CancelReason = row.TextOrNull(13),
        Version = row.GetInt64(14),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(15),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(16),
        SagaState = row.TextOrNull(17),
    };
}
