using Npgsql;
using Slipway.Sdk.Database;

namespace Retail.Payments.Operations;

/// <summary>
/// The notes of what is to be asked of the bank. Of one payment only the oldest is taken, so its calls never overtake one another;
/// a taken one comes back by itself when whoever took it died.
/// </summary>
internal static class OperationRows
{
    public const string Channel = "payment_operations";

    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(20);

    public static async Task<bool> AddAsync(
        NpgsqlTransaction transaction, Guid payment, OperationKind kind, string key, long amount, Guid? refund, string? reference, DateTimeOffset now, CancellationToken cancellation)
    {
        var added = await transaction.Command(
            """
            insert into operations (payment_id, kind, idempotency_key, amount, refund_id, provider_reference, due_at, created_at) values ($1, $2, $3, $4, $5, $6, $7, $7)
            on conflict (idempotency_key) do nothing
            """,
            payment, kind.ToString(), key, amount, refund, reference, now).ExecuteAsync(cancellation) == 1;
        if (added)
        {
            // Heard at the commit and not before.
            await transaction.Command($"notify {Channel}").ExecuteAsync(cancellation);
        }

        return added;
    }

    public static Task<List<Operation>> ClaimAsync(NpgsqlTransaction transaction, int max, DateTimeOffset now, CancellationToken cancellation) => transaction.Command(
        """
        with due as (
            select number from operations o
            where state = 'open' and due_at <= $1
              and not exists (select 1 from operations e where e.payment_id = o.payment_id and e.state = 'open' and e.number < o.number)
            order by due_at, number limit $2 for update skip locked)
        update operations o set due_at = $3, attempts = attempts + 1, first_sent_at = coalesce(first_sent_at, $1)
        from due where o.number = due.number
        returning o.number, o.payment_id, o.kind, o.idempotency_key, o.amount, o.refund_id, o.provider_reference, o.attempts, o.first_sent_at
        """,
        now, max, now + s_lease).ListAsync(
            row => new Operation(
                row.GetInt64(0), row.GetGuid(1), Enum.Parse<OperationKind>(row.GetString(2)), row.GetString(3), row.GetInt64(4), row.OrNull<Guid>(5),
                row.TextOrNull(6), row.GetInt32(7), row.OrNull<DateTimeOffset>(8)),
            cancellation);

    public static async Task EndAsync(NpgsqlTransaction transaction, Operation operation, DateTimeOffset now, CancellationToken cancellation)
    {
        await transaction.Command("update operations set state = 'done', ended_at = $2, last_error = null where number = $1", operation.Number, now).ExecuteAsync(cancellation);

        // What waited behind it may go on.
        await transaction.Command($"notify {Channel}").ExecuteAsync(cancellation);
    }

    public static Task PostponeAsync(NpgsqlTransaction transaction, Operation operation, DateTimeOffset due, string error, CancellationToken cancellation) =>
        transaction.Command(
            "update operations set due_at = $2, last_error = $3 where number = $1 and state = 'open'", operation.Number, due, error.Length > 500 ? error[..500] : error)
            .ExecuteAsync(cancellation);
}
