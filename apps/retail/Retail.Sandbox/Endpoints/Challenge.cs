using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Sandbox.Bank;
using Retail.Sandbox.Webhooks;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;

namespace Retail.Sandbox.Endpoints;

/// <summary>Where the holder of a card approves or declines. Whoever knows the address may: it is as secret as a text message.</summary>
internal static class Challenge
{
    private const string Why = "The address is the secret; the bank's customer has no account of the shop's identity service.";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/challenge/style.css", () => Results.Text(ChallengePage.Style, "text/css")).WithName("challengeStyle").WithSummary("The look of the page.").OpenToAll(Why);
        app.MapGet("/challenge/{id}", ShowAsync).WithName("showChallenge").WithSummary("The page that asks the holder of the card.").OpenToAll(Why);
        app.MapPost("/challenge/{id}", DecideAsync).WithName("decideChallenge").WithSummary("What the holder of the card decided.").OpenToAll(Why);
    }

    private static async Task<IResult> ShowAsync(string id, HttpContext http, [FromServices] Database database, CancellationToken cancellation)
    {
        var intent = await database.ReadAsync(
            (connection, token) => connection.Command($"select {IntentRows.Columns} from intents where challenge = $1", id).OneAsync(IntentRows.Read, token), cancellation);
        return Answer(http, intent);
    }

    private static async Task<IResult> DecideAsync(string id, HttpContext http, [FromServices] Database database, [FromServices] WebhookQueue queue, CancellationToken cancellation)
    {
        var form = await FormReading.ReadAsync(http.Request, cancellation);
        if (form.Problem is { } problem)
        {
            return Slipway.Sdk.Problems.ProblemResults.ToResult(problem);
        }

        var decision = form.Value.Text("decision");
        if (decision is not ("approve" or "decline"))
        {
            return await ShowAsync(id, http, database, cancellation);
        }

        var decided = await database.WriteAsync(async (transaction, token) =>
        {
            var intent = await IntentRows.LockChallengeAsync(transaction, id, token);
            if (intent is not null && IntentRules.Decide(intent, decision == "approve") is { } next)
            {
                await IntentRows.UpdateAsync(transaction, next, token);
                await queue.TellAsync(transaction, next, token);
                return next;
            }

            return intent;
        }, cancellation);
        return Answer(http, decided);
    }

    private static IResult Answer(HttpContext http, Intent? intent)
    {
        var german = http.Request.Headers.AcceptLanguage.ToString().TrimStart().StartsWith("de", StringComparison.OrdinalIgnoreCase);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentLanguage = german ? "de" : "en";
        var page = intent switch
        {
            null => ChallengePage.Unknown(german),
            { Status: IntentStatus.NeedsAction } => ChallengePage.Ask(intent, german),
            _ => ChallengePage.Decided(intent, german),
        };
        return Results.Text(page, "text/html; charset=utf-8", statusCode: intent is null ? 404 : 200);
    }
}
