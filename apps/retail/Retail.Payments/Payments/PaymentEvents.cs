using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Npgsql;
using Retail.Contracts;
using Slipway.Sdk.Messaging;

namespace Retail.Payments.Payments;

/// <summary>What the rest of the shop is told, through the outbox.</summary>
internal sealed class PaymentEvents(Outbox outbox)
{
    public Task TellAsync(NpgsqlTransaction transaction, Payment payment, Effect effect, CancellationToken cancellation)
    {
        var (type, data) = Event(payment, effect);
        return outbox.AddAsync(
            transaction,
            new OutgoingEvent
            {
                Topic = Topics.Payments,
                Type = type,
                Subject = payment.OrderId.ToString(),
                Data = data,
                Sequence = payment.Version,
                DataClassification = "internal",
            },
            cancellation);
    }

    private static (string Type, JsonObject Data) Event(Payment payment, Effect effect) => effect switch
    {
        Effect.TellAuthorized => (EventTypes.PaymentAuthorized, Json(
            new PaymentAuthorized(payment.OrderId, payment.Id, payment.State.Amount, payment.Currency, payment.CardBrand, payment.Last4), ContractsJson.Default.PaymentAuthorized)),
        Effect.TellActionRequired needed => (EventTypes.PaymentActionRequired, Json(
            new PaymentActionRequired(payment.OrderId, payment.Id, needed.Url), ContractsJson.Default.PaymentActionRequired)),
        Effect.TellCompleted => (EventTypes.PaymentCompleted, Json(
            new PaymentCompleted(payment.OrderId, payment.Id, payment.State.Captured, payment.Currency), ContractsJson.Default.PaymentCompleted)),
        Effect.TellFailed failed => (EventTypes.PaymentFailed, Json(
            new PaymentFailed(payment.OrderId, payment.Id, failed.Failure.Stage, failed.Failure.Code, failed.Failure.Message), ContractsJson.Default.PaymentFailed)),
        Effect.TellVoided => (EventTypes.PaymentVoided, Json(new PaymentVoided(payment.OrderId, payment.Id), ContractsJson.Default.PaymentVoided)),
        Effect.TellRefunded refunded => (EventTypes.PaymentRefunded, Json(
            new PaymentRefunded(payment.OrderId, payment.Id, refunded.RefundId, refunded.ReturnId, refunded.Amount, payment.Currency, payment.State.Refunded),
            ContractsJson.Default.PaymentRefunded)),
        _ => throw new InvalidOperationException($"{effect.GetType().Name} is nothing to tell."),
    };

    private static JsonObject Json<T>(T payload, JsonTypeInfo<T> type) => JsonSerializer.SerializeToNode(payload, type)!.AsObject();
}
