using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Retail.Orders.Ordering;
using Retail.Orders.People;
using Retail.Orders.Sagas;
using Retail.Orders.Streams;
using Retail.Orders.Telling;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Retries;

namespace Retail.Orders.Endpoints;

internal sealed record ReturnBody
{
    public IReadOnlyList<ReturnLineBody>? Lines { get; set; }

    /// <summary>In the buyer's words, or just <c>damaged</c>: such pieces do not go back on sale.</summary>
    public string? Reason { get; set; }
}

internal sealed record ReturnLineBody
{
    public string? Sku { get; set; }

    public int? Quantity { get; set; }
}

internal static class ReturnPieces
{
    private const int ReasonMax = 500;

    private static readonly TimeSpan s_keep = TimeSpan.FromDays(7);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/orders/{id:guid}/returns", HandleAsync).WithName("returnPieces").WithSummary("Returns pieces of an order; their price is refunded.")
            .OpenToAll("Guests return pieces with the token they were given.").Produces<ReturnDocument>(201)
            .TakesHeader(GuestTokens.Header, "What a guest got when the order was placed.")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the pieces are returned once.", required: true)
            .Accepts<ReturnBody>("application/json");

    private static async Task<IResult> HandleAsync(
        Guid id,
        HttpContext http,
        [FromServices] Database database,
        [FromServices] OrderBook orders,
        [FromServices] OrderTopic topic,
        [FromServices] TimeProvider time,
        CancellationToken cancellation)
    {
        if (!Viewer.Of(http, Viewer.Write).Is(out var viewer, out var problem)
            || !(await Body.ReadAsync(http.Request, OrdersJson.Default.ReturnBody, cancellation: cancellation)).Is(out var body, out problem)
            || !Check(body).Is(out var wanted, out problem))
        {
            return problem.ToResult();
        }

        return await Idempotent.RunAsync(
            http, database,
            async (transaction, token) =>
            {
                var connection = transaction.Connection!;
                if (!await viewer.MaySeeAsync(connection, id, token)
                    || await SagaRows.LockAsync(transaction, id, token) is null
                    || await OrderStream.LoadAsync(connection, id, token) is not { } order)
                {
                    return Reply.Of(Viewer.Unknown);
                }

                if (!OrderDecider.Return(order, Guid.CreateVersion7(time.GetUtcNow()), wanted.Lines, restock: wanted.Reason != "damaged").Is(out var asked, out var refused))
                {
                    return Reply.Of(refused);
                }

                var next = await orders.WriteAsync(transaction, order, [asked], token);
                await topic.ReturnRequestedAsync(transaction, next, asked, token);
                await NoteAsync(transaction, asked.ReturnId, id, wanted.Reason, token);
                var made = next.Returns.First(back => back.Id == asked.ReturnId);
                return Reply.Created($"/api/v1/orders/{id}", OrderDocuments.Return(made), OrdersJson.Default.ReturnDocument, Versions.ETag(next.Version));
            },
            cancellation, required: true, keep: s_keep);
    }

    private static Outcome<(IReadOnlyList<ReturnedLine> Lines, string? Reason)> Check(ReturnBody body)
    {
        var findings = new Findings();
        var lines = new List<ReturnedLine>();
        var sent = body.Lines ?? [];
        if (sent.Count is 0 or > CreateOrderRules.LinesMax)
        {
            findings.Add("/lines", sent.Count == 0 ? "required" : "tooMany", $"Name from 1 to {CreateOrderRules.LinesMax} lines to return.");
            sent = [];
        }

        for (var at = 0; at < sent.Count; at++)
        {
            var sku = findings.Text($"/lines/{at}/sku", sent[at]?.Sku, 64);
            if (sent[at]?.Quantity is not (>= 1 and <= CreateOrderRules.QuantityMax) and var quantity)
            {
                findings.Add($"/lines/{at}/quantity", "outOfRange", $"quantity must be from 1 to {CreateOrderRules.QuantityMax}; it is {quantity?.ToString() ?? "missing"}.");
            }

            lines.Add(new ReturnedLine(sku, sent[at]?.Quantity ?? 0));
        }

        var reason = findings.OptionalText("/reason", body.Reason, ReasonMax);
        return findings.Any ? findings.ToProblem() : (lines, reason);
    }

    private static Task<int> NoteAsync(NpgsqlTransaction transaction, Guid returnId, Guid orderId, string? note, CancellationToken cancellation) =>
        note is null
            ? Task.FromResult(0)
            : transaction.Command("insert into return_notes (return_id, order_id, note) values ($1, $2, $3)", returnId, orderId, note).ExecuteAsync(cancellation);
}
