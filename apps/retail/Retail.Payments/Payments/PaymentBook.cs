using Npgsql;
using Retail.Payments.Ledger;
using Retail.Payments.Operations;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Database;

namespace Retail.Payments.Payments;

/// <summary>
/// Carries out decisions: the new state, what is to be asked of the bank, the books, the events and the audit trail are one
/// transaction. The bank itself is never called from here.
/// </summary>
internal sealed class PaymentBook(PaymentEvents events, AuditTrail trail, TimeProvider time)
{
    /// <summary>The payment of an order, begun if there is none. A second request is the same payment.</summary>
    public async Task<Payment> BeginAsync(NpgsqlTransaction transaction, Payment wanted, AuditEntry audit, CancellationToken cancellation)
    {
        if (await PaymentRows.InsertAsync(transaction, wanted, cancellation))
        {
            if (wanted.State.Failure is { } failure)
            {
                await events.TellAsync(transaction, wanted, new Effect.TellFailed(failure), cancellation);
            }
            else if (wanted.State.IsTombstone)
            {
                await events.TellAsync(transaction, wanted, new Effect.TellVoided(), cancellation);
            }
            else
            {
                await OperationRows.AddAsync(transaction, wanted.Id, OperationKind.Authorize, wanted.OrderId.ToString(), wanted.State.Amount, null, null, time.GetUtcNow(), cancellation);
            }

            await trail.AppendAsync(transaction, audit with { Action = "payment.begun", TargetType = "payment", TargetId = wanted.Id.ToString(), Changes = [new("/status", null, wanted.State.Status.Name())] }, cancellation);
            return wanted;
        }

        var known = await PaymentRows.LockOrderAsync(transaction, wanted.OrderId, cancellation) ?? throw new InvalidOperationException("A payment that exists cannot be found.");
        return await ApplyAsync(transaction, known, wanted.State.IsTombstone ? new Trigger.CancelAsked() : new Trigger.AskedAgain(), audit, cancellation);
    }

    /// <summary>The payment must be locked by this transaction.</summary>
    public async Task<Payment> ApplyAsync(NpgsqlTransaction transaction, Payment payment, Trigger trigger, AuditEntry audit, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var decision = PaymentMachine.Decide(payment.State, trigger, Guid.CreateVersion7(now));
        var next = payment with { State = decision.State, UpdatedAt = now, Version = payment.Version + 1 };
        await PaymentRows.UpdateAsync(transaction, next, cancellation);
        foreach (var effect in decision.Effects)
        {
            await CarryOutAsync(transaction, next, effect, now, cancellation);
        }

        if (decision.State != payment.State)
        {
            await trail.AppendAsync(transaction, audit with { Action = ActionOf(trigger), TargetType = "payment", TargetId = payment.Id.ToString(), Changes = Changes(payment.State, decision.State) }, cancellation);
        }

        return next;
    }

    private async Task CarryOutAsync(NpgsqlTransaction transaction, Payment payment, Effect effect, DateTimeOffset now, CancellationToken cancellation)
    {
        switch (effect)
        {
            case Effect.AskCapture ask:
                await OperationRows.AddAsync(transaction, payment.Id, OperationKind.Capture, $"{payment.OrderId}-capture", ask.Amount, null, null, now, cancellation);
                break;
            case Effect.AskVoid:
                await OperationRows.AddAsync(transaction, payment.Id, OperationKind.Void, $"{payment.OrderId}-void-{payment.Version}", 0, null, null, now, cancellation);
                break;
            case Effect.AskRefund ask:
                await transaction.Command(
                    "insert into refunds (id, payment_id, return_id, amount, status, reason, requested_by, created_at) values ($1, $2, $3, $4, 'pending', $5, $6, $7)",
                    ask.RefundId, payment.Id, ask.ReturnId, ask.Amount, ask.Reason, ask.By, now).ExecuteAsync(cancellation);
                await OperationRows.AddAsync(transaction, payment.Id, OperationKind.Refund, ask.RefundId.ToString(), ask.Amount, ask.RefundId, null, now, cancellation);
                break;
            case Effect.EndRefund end:
                await transaction.Command(
                    "update refunds set status = $2, failure_code = $3, ended_at = $4 where id = $1", end.RefundId, end.FailureCode is null ? "completed" : "failed", end.FailureCode, now)
                    .ExecuteAsync(cancellation);
                break;
            case Effect.BookCapture book:
                await LedgerRows.BookAsync(transaction, $"capture:{payment.Id}", payment.Id, payment.Currency, LedgerRules.Capture(book.Amount), now, cancellation);
                break;
            case Effect.BookRefund book:
                await LedgerRows.BookAsync(transaction, $"refund:{book.RefundId}", payment.Id, payment.Currency, LedgerRules.Refund(book.Amount), now, cancellation);
                break;
            default:
                await events.TellAsync(transaction, payment, effect, cancellation);
                break;
        }
    }

    private static string ActionOf(Trigger trigger)
    {
        var name = trigger.GetType().Name;
        return $"payment.{char.ToLowerInvariant(name[0])}{name[1..]}";
    }

    private static List<AuditChange> Changes(PaymentState before, PaymentState after)
    {
        var changes = new List<AuditChange>();
        Add("/status", before.Status.Name(), after.Status.Name());
        Add("/wish", before.Wish.ToString(), after.Wish.ToString());
        Add("/captured", before.Captured, after.Captured);
        Add("/refunded", before.Refunded, after.Refunded);
        Add("/promised", before.Promised, after.Promised);
        return changes;

        void Add<T>(string pointer, T old, T now)
            where T : IEquatable<T>
        {
            if (!old.Equals(now))
            {
                changes.Add(new AuditChange(pointer, Node(old), Node(now)));
            }
        }

        static System.Text.Json.Nodes.JsonNode? Node<T>(T value) => value is long number ? System.Text.Json.Nodes.JsonValue.Create(number) : System.Text.Json.Nodes.JsonValue.Create(value?.ToString());
    }
}
