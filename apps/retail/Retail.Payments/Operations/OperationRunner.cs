using Microsoft.Extensions.Logging;
using Npgsql;
using Retail.Payments.Payments;
using Retail.Payments.Provider;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Database;

namespace Retail.Payments.Operations;

/// <summary>
/// Asks the bank, outside any transaction, and writes down the outcome in one. Killed in between, the note is still there, the bank
/// is asked again under the same key, and answers what it has done.
/// </summary>
internal sealed partial class OperationRunner(
    Database database, IPaymentProvider provider, PaymentBook book, PaymentMetrics metrics, OperationPace pace, TimeProvider time, ILogger<OperationRunner> logger)
{
    /// <summary>So long after a call was sent the bank is certain to have either done it or forgotten it.</summary>
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(60);

    public Task<List<Operation>> ClaimAsync(int max, CancellationToken cancellation) =>
        database.WriteAsync((transaction, token) => OperationRows.ClaimAsync(transaction, max, time.GetUtcNow(), token), cancellation);

    /// <summary>Runs until nothing is due. Answers how many operations there were.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        const int RoundsMax = 500;
        var count = 0;
        for (var round = 0; round < RoundsMax; round++)
        {
            var due = await ClaimAsync(pace.AtOnce, cancellation);
            if (due.Count == 0)
            {
                break;
            }

            count += due.Count;
            await Task.WhenAll(due.Select(operation => RunAsync(operation, cancellation)));
        }

        return count;
    }

    public async Task RunAsync(Operation operation, CancellationToken cancellation)
    {
        var payment = await database.ReadAsync((connection, token) => PaymentRows.FindAsync(connection, operation.PaymentId, token), cancellation)
            ?? throw new InvalidOperationException("An operation belongs to a payment.");
        var began = time.GetTimestamp();
        var meaning = await AskAsync(operation, payment, cancellation);
        metrics.Called(operation.Kind.ToString(), time.GetElapsedTime(began), meaning is Meaning.Later);
        if (meaning is Meaning.Over over)
        {
            var (before, after) = await database.WriteAsync((transaction, token) => WriteAsync(transaction, operation, over, token), cancellation);
            metrics.Changed(before, after);
        }
        else if (meaning is Meaning.Later later)
        {
            LogUnknown(logger, operation.Kind, operation.PaymentId, operation.Attempts, later.Why);
            var due = time.GetUtcNow() + OperationBackoff.After(operation.Attempts, pace.RetryBase);
            await database.WriteAsync((transaction, token) => OperationRows.PostponeAsync(transaction, operation, due, later.Why, token), cancellation);
        }
    }

    private async Task<(PaymentState Before, PaymentState After)> WriteAsync(NpgsqlTransaction transaction, Operation operation, Meaning.Over over, CancellationToken cancellation)
    {
        var payment = await PaymentRows.LockAsync(transaction, operation.PaymentId, cancellation) ?? throw new InvalidOperationException("An operation belongs to a payment.");
        var known = over.Seen is { } seen
            ? payment with
            {
                ProviderReference = payment.ProviderReference ?? seen.Reference,
                CardBrand = seen.CardBrand ?? payment.CardBrand,
                Last4 = seen.Last4 ?? payment.Last4,
            }
            : payment;
        var after = known;
        if (over.Trigger is { } trigger)
        {
            after = await book.ApplyAsync(transaction, known, trigger, AuditEntry.BySystem("payment-provider", "", "payment", payment.Id.ToString()), cancellation);
        }
        else if (known != payment)
        {
            await PaymentRows.UpdateAsync(transaction, known, cancellation);
        }

        if (over.RefundReference is { } reference)
        {
            await transaction.Command("update refunds set provider_reference = $2 where id = $1", operation.RefundId, reference).ExecuteAsync(cancellation);
        }

        await OperationRows.EndAsync(transaction, operation, time.GetUtcNow(), cancellation);
        return (payment.State, after.State);
    }

    private Task<Meaning> AskAsync(Operation operation, Payment payment, CancellationToken cancellation) => operation.Kind switch
    {
        OperationKind.Authorize => AuthorizeAsync(operation, payment, cancellation),
        OperationKind.Capture => CaptureAsync(operation, payment, cancellation),
        OperationKind.Void => VoidAsync(operation, payment, cancellation),
        OperationKind.Refund => RefundAsync(operation, payment, cancellation),
        _ => LookAsync(operation, payment, cancellation),
    };

    private async Task<Meaning> AuthorizeAsync(Operation operation, Payment payment, CancellationToken cancellation)
    {
        var cancelled = payment.State.Wish == Wish.Cancel;
        if (operation.Attempts == 1)
        {
            // The bank has not heard of it, and need not.
            return cancelled ? new Meaning.Over(new Trigger.Canceled()) : Understanding.OfAuthorize(await SendAsync());
        }

        switch (await provider.FindAsync(operation.Key, cancellation))
        {
            case ProviderAnswer.Seen seen:
                return new Meaning.Over(Understanding.Of(seen.Intent), seen.Intent);
            case ProviderAnswer.Absent when cancelled:
                return time.GetUtcNow() - operation.FirstSentAt > s_settled
                    ? new Meaning.Over(new Trigger.Canceled())
                    : new Meaning.Later("The order was cancelled while the outcome was unknown; the provider may still come to know of it.");
            case ProviderAnswer.Absent:
                return Understanding.OfAuthorize(await SendAsync());
            case ProviderAnswer.Unknown unknown:
                return new Meaning.Later(unknown.Error);
            default:
                // A bank without a search still knows its keys: the same call again is the same payment.
                return cancelled ? new Meaning.Later("The provider cannot be searched.") : Understanding.OfAuthorize(await SendAsync());
        }

        Task<ProviderAnswer> SendAsync() => provider.AuthorizeAsync(
            new AuthorizeCall(payment.OrderId, payment.State.Amount, payment.Currency, payment.CardToken ?? "", operation.Key, pace.ReturnUrl(payment.OrderId)), cancellation);
    }

    private async Task<Meaning> CaptureAsync(Operation operation, Payment payment, CancellationToken cancellation)
    {
        if (payment.ProviderReference is not { } reference)
        {
            return new Meaning.Over(new Trigger.CaptureFailed("notAuthorized", "Nothing was authorised."));
        }

        return await provider.CaptureAsync(reference, operation.Amount, operation.Key, cancellation) switch
        {
            ProviderAnswer.Seen seen => new Meaning.Over(Understanding.Of(seen.Intent), seen.Intent),
            ProviderAnswer.Refused refused => Understanding.OfRefusedCapture(refused, await provider.GetAsync(reference, cancellation)),
            ProviderAnswer.Unknown unknown => new Meaning.Later(unknown.Error),
            _ => new Meaning.Later("The provider's answer fits no capture."),
        };
    }

    private async Task<Meaning> VoidAsync(Operation operation, Payment payment, CancellationToken cancellation)
    {
        if (payment.ProviderReference is not { } reference)
        {
            return new Meaning.Over(new Trigger.Canceled());
        }

        if (payment.State.Captured > 0)
        {
            return new Meaning.Over(null);
        }

        return await provider.VoidAsync(reference, operation.Key, cancellation) switch
        {
            ProviderAnswer.Seen seen => new Meaning.Over(new Trigger.Canceled(), seen.Intent),
            ProviderAnswer.Refused refused => Understanding.OfRefusedVoid(refused, await provider.GetAsync(reference, cancellation)),
            ProviderAnswer.Unknown unknown => new Meaning.Later(unknown.Error),
            _ => new Meaning.Later("The provider's answer fits no release."),
        };
    }

    private async Task<Meaning> RefundAsync(Operation operation, Payment payment, CancellationToken cancellation)
    {
        var refund = operation.RefundId ?? throw new InvalidOperationException("A refund has an id.");
        var returned = await database.ReadAsync(
            (connection, token) => connection.Command("select return_id from refunds where id = $1", refund).OneAsync(row => row.OrNull<Guid>(0), token), cancellation);
        return await provider.RefundAsync(payment.ProviderReference ?? "", operation.Amount, operation.Key, cancellation) switch
        {
            ProviderAnswer.Repaid repaid => new Meaning.Over(new Trigger.Refunded(refund, returned, operation.Amount), null, repaid.Reference),
            ProviderAnswer.Refused refused => new Meaning.Over(new Trigger.RefundFailed(refund, operation.Amount, refused.Code, refused.Message)),
            ProviderAnswer.Unknown unknown => new Meaning.Later(unknown.Error),
            _ => new Meaning.Later("The provider's answer fits no refund."),
        };
    }

    private async Task<Meaning> LookAsync(Operation operation, Payment payment, CancellationToken cancellation)
    {
        if ((payment.ProviderReference ?? operation.ProviderReference) is not { } reference)
        {
            return new Meaning.Over(null);
        }

        return await provider.GetAsync(reference, cancellation) switch
        {
            ProviderAnswer.Seen seen when seen.Intent.OrderId is null || seen.Intent.OrderId == payment.OrderId => new Meaning.Over(Understanding.Of(seen.Intent), seen.Intent),
            ProviderAnswer.Unknown unknown => new Meaning.Later(unknown.Error),
            _ => new Meaning.Over(null),
        };
    }

    [LoggerMessage(EventId = 9201, Level = LogLevel.Warning, Message = "What became of {Kind} of payment {PaymentId} is not known after attempt {Attempt}; it is looked up and asked again: {Why}")]
    private static partial void LogUnknown(ILogger logger, OperationKind kind, Guid paymentId, int attempt, string why);
}
