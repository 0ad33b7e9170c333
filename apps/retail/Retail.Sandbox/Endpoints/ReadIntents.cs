using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Sandbox.Bank;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Retail.Sandbox.Endpoints;

/// <summary>What the bank has on its books, newest first.</summary>
internal static partial class ReadIntents
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/payment_intents", ListAsync).WithName("listPaymentIntents").WithSummary("Intents, newest first.").OpenToAll(ShopKey.Why)
            .Takes("limit", "1 to 100, 10 unless said otherwise.", "integer").Takes("starting_after", "The id of the last one seen.")
            .Takes("created[gte]", "Unix seconds.", "integer").Produces(200);
        app.MapGet("/v1/payment_intents/search", SearchAsync).WithName("searchPaymentIntents").WithSummary("Intents by one value of their metadata.").OpenToAll(ShopKey.Why)
            .Takes("query", "Such as metadata[\"key\"]:\"value\".").Produces(200);
        app.MapGet("/v1/payment_intents/{id}", GetAsync).WithName("getPaymentIntent").WithSummary("One intent.").OpenToAll(ShopKey.Why).Produces(200);
    }

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] ShopKey key, [FromServices] Database database, [FromServices] BankDocuments documents, CancellationToken cancellation)
    {
        if (key.Refuse(http) is { } refused)
        {
            return refused;
        }

        var query = Query.Of(http.Request);
        var limit = query.Number("limit", 1, 100) ?? 10;
        var after = query.Text("starting_after");
        var since = DateTimeOffset.FromUnixTimeSeconds(query.Number("created[gte]", 0, int.MaxValue) ?? 0);
        if (query.Problem() is { } problem)
        {
            return problem.ToResult();
        }

        var rows = await database.ReadAsync(
            (connection, token) => connection.Command(
                $"""
                select {IntentRows.Columns} from intents
                where created_at >= $1 and ($2::text is null or number < (select number from intents where id = $2))
                order by number desc limit $3
                """,
                since, after, limit + 1).ListAsync(IntentRows.Read, token),
            cancellation);
        return List([.. rows.Select(documents.Of)], limit);
    }

    private static async Task<IResult> SearchAsync(HttpContext http, [FromServices] ShopKey key, [FromServices] Database database, [FromServices] BankDocuments documents, CancellationToken cancellation)
    {
        if (key.Refuse(http) is { } refused)
        {
            return refused;
        }

        var query = Query.Of(http.Request);
        var text = query.Text("query", 300);
        if (query.Problem() is { } problem)
        {
            return problem.ToResult();
        }

        if (MetadataTerm().Match(text ?? "") is not { Success: true } term)
        {
            return BankReply.Of(Refusal.Invalid("query must be one term such as metadata[\"key\"]:\"value\".")).ToResult();
        }

        var rows = await database.ReadAsync(
            (connection, token) => connection.Command(
                $"select {IntentRows.Columns} from intents where metadata @> $1 order by number desc limit 10",
                Sql.Json(new JsonObject { [term.Groups["name"].Value] = term.Groups["value"].Value })).ListAsync(IntentRows.Read, token),
            cancellation);
        return List([.. rows.Select(documents.Of)], 10);
    }

    private static async Task<IResult> GetAsync(
        string id, HttpContext http, [FromServices] ShopKey key, [FromServices] Database database, [FromServices] BankDocuments documents, CancellationToken cancellation)
    {
        if (key.Refuse(http) is { } refused)
        {
            return refused;
        }

        var intent = await database.ReadAsync(
            (connection, token) => connection.Command($"select {IntentRows.Columns} from intents where id = $1", id).OneAsync(IntentRows.Read, token), cancellation);
        return (intent is null ? BankReply.Of(Refusal.Missing("payment_intent")) : BankReply.Of(documents.Of(intent))).ToResult();
    }

    internal static IResult List(IReadOnlyList<JsonObject> documents, int limit) => BankReply.Of(new JsonObject
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. documents.Take(limit)]),
        ["has_more"] = documents.Count > limit,
    }).ToResult();

    [GeneratedRegex("""^metadata\[["'](?<name>[a-z_]{1,40})["']\]:["'](?<value>[^"']{1,200})["']$""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 500)]
    private static partial Regex MetadataTerm();
}
