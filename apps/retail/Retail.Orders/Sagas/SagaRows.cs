using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Retail.Orders.Streams;
using Slipway.Sdk.Database;

namespace Retail.Orders.Sagas;

/// <summary>Sagas in the database. The row's lock is what makes the messages of one order come one after the other.</summary>
internal static class SagaRows
{
    public static async Task<(SagaState State, string? PaymentToken)?> LockAsync(NpgsqlTransaction transaction, Guid orderId, CancellationToken cancellation)
    {
        var rows = await transaction.Command("select state, payment_token from sagas where order_id = $1 for update", orderId)
            .ListAsync(row => (Read(row.GetString(0)), row.TextOrNull(1)), cancellation);
        return rows.Count == 0 ? null : rows[0];
    }

    public static Task<SagaState?> FindAsync(NpgsqlConnection connection, Guid orderId, CancellationToken cancellation) =>
        connection.Command("select state from sagas where order_id = $1", orderId).OneAsync(row => Read(row.GetString(0)), cancellation);

    public static Task AddAsync(NpgsqlTransaction transaction, SagaState saga, string paymentToken, CancellationToken cancellation) =>
        transaction.Command(
            "insert into sagas (order_id, phase, state, payment_token, due_at, started_at) values ($1, $2, $3, $4, $5, $6)",
            saga.OrderId, saga.Phase.Name(), Write(saga), paymentToken, Nullable(saga.DueAt), saga.StartedAt).ExecuteAsync(cancellation);

    /// <summary>The token is of use for paying only, so it goes with that.</summary>
    public static Task SaveAsync(NpgsqlTransaction transaction, SagaState saga, CancellationToken cancellation) =>
        transaction.Command(
            """
            update sagas set phase = $2, state = $3, due_at = $4, ended_at = $5, payment_token = case when $6 then payment_token end where order_id = $1
            """,
            saga.OrderId, saga.Phase.Name(), Write(saga), Nullable(saga.DueAt), Nullable(saga.EndedAt),
            saga.Phase is SagaPhase.Reserving or SagaPhase.Paying).ExecuteAsync(cancellation);

    /// <summary>Due ones that nobody else is working on. Their rows stay locked.</summary>
    public static Task<List<Guid>> DueAsync(NpgsqlTransaction transaction, DateTimeOffset now, int max, CancellationToken cancellation) =>
        transaction.Command("select order_id from sagas where due_at <= $1 order by due_at limit $2 for update skip locked", now, max)
            .ListAsync(row => row.GetGuid(0), cancellation);

    private static NpgsqlParameter Write(SagaState saga) => OrderStream.Json(JsonSerializer.Serialize(saga, DomainJson.Default.SagaState));

    private static SagaState Read(string json) => JsonSerializer.Deserialize(json, DomainJson.Default.SagaState)!;

    private static NpgsqlParameter Nullable(DateTimeOffset? instant) =>
        new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = instant is { } at ? at.ToUniversalTime() : DBNull.Value };
}
