using Npgsql;
using Slipway.Sdk.Database;

namespace Retail.Payments.Payments;

/// <summary>Payments and refunds as rows.</summary>
internal static class PaymentRows
{
    public const string Columns =
        """
        p.id, p.order_id, p.user_id, p.currency, p.status, p.wish, p.amount, p.captured, p.refunded, p.promised, p.capturing, p.voiding,
        p.failure_stage, p.failure_code, p.failure_message, p.action_url, p.card_token, p.card_brand, p.last4, p.provider_reference, p.version, p.created_at, p.updated_at
        """;

    private const string RefundColumns = "id, payment_id, return_id, amount, status, reason, failure_code, created_at, ended_at";

    public static Payment Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        OrderId = row.GetGuid(1),
        UserId = row.OrNull<Guid>(2),
        Currency = row.GetString(3),
        State = new PaymentState
        {
            Status = PaymentStatusNames.Parse(row.GetString(4)) ?? throw new InvalidOperationException($"The status {row.GetString(4)} is not known."),
            Wish = Enum.Parse<Wish>(row.GetString(5)),
            Amount = row.GetInt64(6),
            Captured = row.GetInt64(7),
            Refunded = row.GetInt64(8),
            Promised = row.GetInt64(9),
            Capturing = row.GetBoolean(10),
            Voiding = row.GetBoolean(11),
            Failure = row.IsDBNull(12) ? null : new Failure(row.GetString(12), row.GetString(13), row.GetString(14)),
            ActionUrl = row.TextOrNull(15),
        },
        CardToken = row.TextOrNull(16),
        CardBrand = row.TextOrNull(17),
        Last4 = row.TextOrNull(18),
        ProviderReference = row.TextOrNull(19),
        Version = row.GetInt64(20),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(21),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(22),
    };

    public static Refund ReadRefund(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.OrNull<Guid>(2), row.GetInt64(3), row.GetString(4), row.GetString(5), row.TextOrNull(6),
        row.GetFieldValue<DateTimeOffset>(7), row.OrNull<DateTimeOffset>(8));

    public static Task<Payment?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation) =>
        connection.Command($"select {Columns} from payments p where p.id = $1", id).OneAsync(Read, cancellation);

    public static Task<List<Refund>> RefundsAsync(NpgsqlConnection connection, Guid payment, CancellationToken cancellation) =>
        connection.Command($"select {RefundColumns} from refunds where payment_id = $1 order by created_at, id", payment).ListAsync(ReadRefund, cancellation);

    public static Task<Payment?> LockAsync(NpgsqlTransaction transaction, Guid id, CancellationToken cancellation) =>
        transaction.Command($"select {Columns} from payments p where p.id = $1 for update", id).OneAsync(Read, cancellation);

    public static Task<Payment?> LockOrderAsync(NpgsqlTransaction transaction, Guid order, CancellationToken cancellation) =>
        transaction.Command($"select {Columns} from payments p where p.order_id = $1 for update", order).OneAsync(Read, cancellation);

    /// <summary>False when the order has a payment already.</summary>
    public static async Task<bool> InsertAsync(NpgsqlTransaction transaction, Payment payment, CancellationToken cancellation) => await transaction.Command(
        """
        insert into payments (id, order_id, user_id, amount, currency, status, wish, card_token, card_brand, last4, failure_stage, failure_code, failure_message, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
        on conflict (order_id) do nothing
        """,
        payment.Id, payment.OrderId, payment.UserId, payment.State.Amount, payment.Currency, payment.State.Status.Name(), payment.State.Wish.ToString(),
        payment.CardToken, payment.CardBrand, payment.Last4, payment.State.Failure?.Stage, payment.State.Failure?.Code, payment.State.Failure?.Message,
        payment.CreatedAt).ExecuteAsync(cancellation) == 1;

    public static Task UpdateAsync(NpgsqlTransaction transaction, Payment payment, CancellationToken cancellation) => transaction.Command(
        """
        update payments set status = $2, wish = $3, captured = $4, refunded = $5, promised = $6, capturing = $7, voiding = $8, failure_stage = $9, failure_code = $10,
            failure_message = $11, action_url = $12, card_brand = $13, last4 = $14, provider_reference = $15, updated_at = $16, version = version + 1
        where id = $1
        """,
        payment.Id, payment.State.Status.Name(), payment.State.Wish.ToString(), payment.State.Captured, payment.State.Refunded, payment.State.Promised,
        payment.State.Capturing, payment.State.Voiding, payment.State.Failure?.Stage, payment.State.Failure?.Code, payment.State.Failure?.Message,
        payment.State.ActionUrl, payment.CardBrand, payment.Last4, payment.ProviderReference, payment.UpdatedAt).ExecuteAsync(cancellation);
}
