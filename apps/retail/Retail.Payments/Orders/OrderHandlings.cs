using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Retail.Contracts;
using Retail.Payments.Cards;
using Retail.Payments.Payments;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Messaging;

namespace Retail.Payments.Orders;

/// <summary>
/// What orders want. Only notes are written here; the bank is asked once they are committed. Every wish is the same wish when it
/// comes twice: there is one payment per order and one refund per return.
/// </summary>
internal sealed class OrderHandlings(PaymentBook book, TimeProvider time)
{
    public const string Consumer = "orders";

    private const string OnlyCurrency = "EUR";
    private const string By = "orders";

    public static IReadOnlyList<EventHandling> All =>
    [
        EventHandling.Of(
            EventTypes.OrderPaymentRequested, ContractsJson.Default.OrderPaymentRequested,
            (data, _, transaction, services, cancellation) => services.GetRequiredService<OrderHandlings>().RequestedAsync(data, transaction, cancellation)),
        EventHandling.Of(
            EventTypes.OrderConfirmed, ContractsJson.Default.OrderConfirmed,
            (data, _, transaction, services, cancellation) => services.GetRequiredService<OrderHandlings>().ConfirmedAsync(data, transaction, cancellation)),
        EventHandling.Of(
            EventTypes.OrderCancelled, ContractsJson.Default.OrderCancelled,
            (data, _, transaction, services, cancellation) => services.GetRequiredService<OrderHandlings>().CancelledAsync(data, transaction, cancellation)),
        EventHandling.Of(
            EventTypes.OrderReturnRequested, ContractsJson.Default.OrderReturnRequested,
            (data, _, transaction, services, cancellation) => services.GetRequiredService<OrderHandlings>().ReturnedAsync(data, transaction, cancellation)),
    ];

    public async Task RequestedAsync(OrderPaymentRequested asked, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var failure = asked switch
        {
            { Currency: not OnlyCurrency } => new Failure("authorize", "currencyNotSupported", "Only EUR can be paid with."),
            { AmountMinor: < 1 or > Amounts.Max } => new Failure("authorize", "amountOutOfRange", "The amount is out of range."),
            _ => null,
        };
        var card = failure is null ? await CardTokens.ResolveAsync(transaction, asked.PaymentToken, time.GetUtcNow(), cancellation) : null;
        if (failure is null && card is null)
        {
            failure = new Failure("authorize", "tokenUnusable", "The payment token is not known or has expired.");
        }

        await book.BeginAsync(
            transaction,
            New(asked.OrderId) with
            {
                UserId = asked.UserId,
                Currency = OnlyCurrency,
                CardToken = card?.ProviderToken,
                CardBrand = card?.Brand,
                Last4 = card?.Last4,
                State = new PaymentState
                {
                    Amount = failure is null ? asked.AmountMinor : Math.Clamp(asked.AmountMinor, 1, Amounts.Max),
                    Status = failure is null ? PaymentStatus.Pending : PaymentStatus.Failed,
                    Failure = failure,
                },
            },
            Audit(asked.OrderId),
            cancellation);
    }

    public async Task ConfirmedAsync(OrderConfirmed confirmed, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        if (await PaymentRows.LockOrderAsync(transaction, confirmed.OrderId, cancellation) is { } payment)
        {
            await book.ApplyAsync(transaction, payment, new Trigger.CaptureAsked(confirmed.AmountMinor), Audit(confirmed.OrderId), cancellation);
        }
        else
        {
            // An order that costs nothing has no payment; one that does is told that it has none.
            await book.BeginAsync(
                transaction,
                New(confirmed.OrderId) with
                {
                    State = new PaymentState
                    {
                        Amount = Math.Clamp(confirmed.AmountMinor, 1, Amounts.Max),
                        Status = PaymentStatus.Failed,
                        Failure = new Failure("capture", "notAuthorized", "No payment was ever asked for."),
                    },
                },
                Audit(confirmed.OrderId),
                cancellation);
        }
    }

    /// <summary>Where nothing is yet, a tombstone says that nothing shall come: a request that arrives late is refused.</summary>
    public async Task CancelledAsync(OrderCancelled cancelled, NpgsqlTransaction transaction, CancellationToken cancellation) => await book.BeginAsync(
        transaction,
        New(cancelled.OrderId) with { State = new PaymentState { Amount = 0, Status = PaymentStatus.Voided, Wish = Wish.Cancel } },
        Audit(cancelled.OrderId),
        cancellation);

    public async Task ReturnedAsync(OrderReturnRequested returned, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        if (await PaymentRows.LockOrderAsync(transaction, returned.OrderId, cancellation) is not { } payment)
        {
            throw new Slipway.Sdk.Problems.ProblemException(Slipway.Sdk.Problems.Problem.Conflict("noPayment", "There is nothing to give back", "The order has no payment yet."));
        }

        if (await RefundRequests.IsKnownAsync(transaction, returned.ReturnId, cancellation))
        {
            return;
        }

        await book.ApplyAsync(
            transaction, payment, new Trigger.RefundAsked(Guid.CreateVersion7(time.GetUtcNow()), returned.ReturnId, returned.AmountMinor, "return", By), Audit(returned.OrderId), cancellation);
    }

    private Payment New(Guid order)
    {
        var now = time.GetUtcNow();
        return new Payment { Id = Guid.CreateVersion7(now), OrderId = order, Currency = OnlyCurrency, State = new PaymentState { Amount = 0 }, CreatedAt = now, UpdatedAt = now };
    }

    private static AuditEntry Audit(Guid order) => AuditEntry.BySystem(By, "", "order", order.ToString());
}
