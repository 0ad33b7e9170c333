using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Payments.Payments;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Retries;

namespace Retail.Payments.Endpoints;

/// <summary>Refund, capture and release by an admin, each with a reason that stays in the audit trail. The bank is asked right after.</summary>
internal static class MoveMoney
{
    private const int ReasonMax = 500;

    public static void Map(IEndpointRouteBuilder api)
    {
        Described(api.MapPost("/payments/{id:guid}/refund", RefundAsync).WithName("refundPayment").WithSummary("Gives money back, in part or, without an amount, all that is left.").Accepts<RefundBody>("application/json"));
        Described(api.MapPost("/payments/{id:guid}/capture", CaptureAsync).WithName("capturePayment").WithSummary("Takes the money that is held.").Accepts<ReasonBody>("application/json"));
        Described(api.MapPost("/payments/{id:guid}/void", VoidAsync).WithName("voidPayment").WithSummary("Lets the money that is held go, or gives back what was taken.").Accepts<ReasonBody>("application/json"));
    }

    private static void Described(RouteHandlerBuilder endpoint) => endpoint.Requires(PaymentAccess.Write)
        .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.", required: true).Produces<PaymentDocument>(202);

    private static async Task<IResult> RefundAsync(
        Guid id, HttpContext http, [FromServices] Database database, [FromServices] PaymentBook book, [FromServices] PaymentAccess access, [FromServices] TimeProvider time,
        CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, PaymentsJson.Default.RefundBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var reason = findings.Text("/reason", body.Reason, ReasonMax);
        long? amount = body.Amount is null ? null : Amounts.Read(findings, "/amount", body.Amount);
        return findings.Any
            ? findings.ToProblem().ToResult()
            : await MoveAsync(
                id, http, database, book, access, reason,
                payment =>
                {
                    var wanted = amount ?? payment.State.Refundable;
                    return payment.State.Refundable == 0 ? Conflict("nothingToRefund", "Nothing that was taken is left to give back.")
                        : wanted > payment.State.Refundable ? Problem.Invalid(
                        [
                            new Finding("tooMuch", $"At most {Amounts.Text(payment.State.Refundable)} can be given back.") { Pointer = "/amount", Args = new() { ["max"] = Amounts.Shown(payment.State.Refundable) } },
                        ])
                        : Wanted(new Trigger.RefundAsked(Guid.CreateVersion7(time.GetUtcNow()), null, wanted, reason, http.Caller().Subject));
                },
                cancellation);
    }

    private static Task<IResult> CaptureAsync(
        Guid id, HttpContext http, [FromServices] Database database, [FromServices] PaymentBook book, [FromServices] PaymentAccess access, CancellationToken cancellation) =>
        ChangeAsync(
            id, http, database, book, access,
            payment => payment.State is { Status: PaymentStatus.Authorized, Capturing: false, Wish: not Wish.Cancel }
                ? Wanted(new Trigger.CaptureAsked(payment.State.Amount))
                : Conflict("notAuthorized", $"Only an authorised payment can be captured; this one is {payment.State.Status.Name()}."),
            cancellation);

    private static Task<IResult> VoidAsync(
        Guid id, HttpContext http, [FromServices] Database database, [FromServices] PaymentBook book, [FromServices] PaymentAccess access, CancellationToken cancellation) =>
        ChangeAsync(
            id, http, database, book, access,
            payment => payment.State.Status is PaymentStatus.Pending or PaymentStatus.ActionRequired or PaymentStatus.Authorized
                ? Wanted(new Trigger.CancelAsked())
                : Conflict("nothingHeld", $"Only a payment that is not over can be released; this one is {payment.State.Status.Name()}."),
            cancellation);

    private static async Task<IResult> ChangeAsync(
        Guid id, HttpContext http, Database database, PaymentBook book, PaymentAccess access, Func<Payment, Outcome<Trigger>> decide, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, PaymentsJson.Default.ReasonBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var reason = findings.Text("/reason", body.Reason, ReasonMax);
        return findings.Any ? findings.ToProblem().ToResult() : await MoveAsync(id, http, database, book, access, reason, decide, cancellation);
    }

    private static async Task<IResult> MoveAsync(
        Guid id, HttpContext http, Database database, PaymentBook book, PaymentAccess access, string reason, Func<Payment, Outcome<Trigger>> decide, CancellationToken cancellation)
    {
        if (access.RefuseMoney(http.Caller()) is { } refused)
        {
            await access.NoteAsync(http, "payment.refused", id.ToString(), cancellation, reason);
            return refused.ToResult();
        }

        return await Idempotent.RunAsync(
            http,
            database,
            async (transaction, token) =>
            {
                if (await PaymentRows.LockAsync(transaction, id, token) is not { } payment)
                {
                    return Reply.Of(Problem.NotFound("payment"));
                }

                if (!decide(payment).Is(out var trigger, out var problem))
                {
                    return Reply.Of(problem);
                }

                var after = await book.ApplyAsync(transaction, payment, trigger, AuditEntry.From(http, "", "payment", "") with { Reason = reason }, token);
                return Reply.Accepted($"/api/v1/payments/{id}", PaymentDocument.Of(after), PaymentsJson.Default.PaymentDocument);
            },
            cancellation,
            required: true,
            CreatePayment.KeepReplies);
    }

    private static Outcome<Trigger> Wanted(Trigger trigger) => trigger;

    private static Outcome<Trigger> Conflict(string code, string detail) => Problem.Conflict(code, "The payment is not in that state", detail);
}
