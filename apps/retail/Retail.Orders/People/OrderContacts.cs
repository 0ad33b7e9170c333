using Npgsql;
using Slipway.Sdk.Database;

namespace Retail.Orders.People;

/// <summary>Where an order goes. Kept apart from everything else about the order.</summary>
internal sealed record OrderContact(string Name, string Street, string City, string PostalCode, string Country, string Email);

internal static class OrderContacts
{
    public static Task AddAsync(NpgsqlTransaction transaction, Guid orderId, Guid? userId, OrderContact contact, CancellationToken cancellation) =>
        transaction.Command(
            "insert into order_contacts (order_id, user_id, name, street, city, postal_code, country, email) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            orderId, new NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid, Value = userId is { } id ? id : DBNull.Value },
            contact.Name, contact.Street, contact.City, contact.PostalCode, contact.Country, contact.Email).ExecuteAsync(cancellation);

    public static Task<OrderContact?> FindAsync(NpgsqlConnection connection, Guid orderId, CancellationToken cancellation) =>
        connection.Command("select name, street, city, postal_code, country, email from order_contacts where order_id = $1", orderId)
            .OneAsync(row => new OrderContact(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5)), cancellation);

    /// <summary>Forgets a person. Orders, amounts and streams stay as they are: they name nobody.</summary>
    public static async Task<int> EraseAsync(NpgsqlTransaction transaction, Guid userId, CancellationToken cancellation)
    {
        await transaction.Command(
            "delete from return_notes where order_id in (select order_id from order_contacts where user_id = $1)", userId).ExecuteAsync(cancellation);
        return await transaction.Command("delete from order_contacts where user_id = $1", userId).ExecuteAsync(cancellation);
    }
}
