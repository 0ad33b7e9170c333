using System.Text.Json.Nodes;
using Npgsql;
using Slipway.Sdk.Database;

namespace Retail.Sandbox.Bank;

/// <summary>Intents and refunds as rows.</summary>
internal static class IntentRows
{
    public const string Columns =
        "id, amount, captured, refunded, currency, status, behaviour, brand, last4, decline_code, challenge, return_url, metadata::text, decide_at, created_at";

    public const string RefundColumns = "id, intent_id, amount, status, metadata::text, created_at";

    public static Intent Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Amount = row.GetInt64(1),
        Captured = row.GetInt64(2),
        Refunded = row.GetInt64(3),
        Currency = row.GetString(4),
        Status = row.GetString(5),
        Behaviour = Enum.Parse<Behaviour>(row.GetString(6)),
        Brand = row.GetString(7),
        Last4 = row.GetString(8),
        DeclineCode = row.TextOrNull(9),
        Challenge = row.TextOrNull(10),
        ReturnUrl = row.TextOrNull(11),
        Metadata = JsonNode.Parse(row.GetString(12))!.AsObject(),
        DecideAt = row.OrNull<DateTimeOffset>(13),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(14),
    };

    public static Refund ReadRefund(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetString(3), JsonNode.Parse(row.GetString(4))!.AsObject(), row.GetFieldValue<DateTimeOffset>(5));

    public static Task<Intent?> LockAsync(NpgsqlTransaction transaction, string id, CancellationToken cancellation) =>
        transaction.Command($"select {Columns} from intents where id = $1 for update", id).OneAsync(Read, cancellation);

    public static Task<Intent?> LockChallengeAsync(NpgsqlTransaction transaction, string challenge, CancellationToken cancellation) =>
        transaction.Command($"select {Columns} from intents where challenge = $1 for update", challenge).OneAsync(Read, cancellation);

    public static Task InsertAsync(NpgsqlTransaction transaction, Intent intent, CancellationToken cancellation) => transaction.Command(
        """
        insert into intents (id, amount, currency, status, behaviour, brand, last4, decline_code, challenge, return_url, metadata, decide_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """,
        intent.Id, intent.Amount, intent.Currency, intent.Status, intent.Behaviour.ToString(), intent.Brand, intent.Last4, intent.DeclineCode,
        intent.Challenge, intent.ReturnUrl, Sql.Json(intent.Metadata), intent.DecideAt, intent.CreatedAt).ExecuteAsync(cancellation);

    public static Task UpdateAsync(NpgsqlTransaction transaction, Intent intent, CancellationToken cancellation) => transaction.Command(
        "update intents set captured = $2, refunded = $3, status = $4, decline_code = $5, decide_at = $6 where id = $1",
        intent.Id, intent.Captured, intent.Refunded, intent.Status, intent.DeclineCode, intent.DecideAt).ExecuteAsync(cancellation);
}
