using System.Text.Json.Nodes;
using Npgsql;
using Retail.Sandbox.Bank;
using Slipway.Sdk.Database;

namespace Retail.Sandbox.Webhooks;

/// <summary>What the shop is to be told, written in the transaction of what happened.</summary>
internal sealed class WebhookQueue(BankDocuments documents, TimeProvider time)
{
    public Task TellAsync(NpgsqlTransaction transaction, Intent intent, CancellationToken cancellation)
    {
        var type = intent.Status switch
        {
            IntentStatus.NeedsCapture => "payment_intent.amount_capturable_updated",
            IntentStatus.NeedsCard => "payment_intent.payment_failed",
            IntentStatus.NeedsAction => "payment_intent.requires_action",
            IntentStatus.Processing => "payment_intent.processing",
            IntentStatus.Succeeded => "payment_intent.succeeded",
            _ => "payment_intent.canceled",
        };
        return TellAsync(transaction, type, documents.Of(intent), intent.Behaviour == Behaviour.Duplicate ? 2 : 1, cancellation);
    }

    public Task TellAsync(NpgsqlTransaction transaction, Intent intent, Refund refund, CancellationToken cancellation) =>
        TellAsync(transaction, "refund.created", BankDocuments.Of(refund, intent.Currency), intent.Behaviour == Behaviour.Duplicate ? 2 : 1, cancellation);

    private async Task TellAsync(NpgsqlTransaction transaction, string type, JsonObject subject, int times, CancellationToken cancellation)
    {
        var (id, now) = (Ids.New("evt"), time.GetUtcNow());
        var body = BankDocuments.Event(id, type, now, subject).ToJsonString();
        for (var i = 0; i < times; i++)
        {
            await transaction.Command("insert into webhook_deliveries (event_id, body, due_at) values ($1, $2, $3)", id, body, now).ExecuteAsync(cancellation);
        }
    }
}
