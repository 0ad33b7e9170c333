using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Payments.Cards;
using Retail.Payments.Provider;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Payments.Endpoints;

/// <summary>The provider's token becomes one of the shop's, which is all that orders ever see of a card.</summary>
internal static class CreateToken
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/payments/tokens", HandleAsync).WithName("createPaymentToken").WithSummary("Takes a token of the payment provider; card data is refused.")
            .OpenToAll("Guests pay too.").Limited("tokens").Accepts<TokenBody>("application/json").Produces<TokenDocument>(201);

    private static async Task<IResult> HandleAsync(
        HttpContext http, [FromServices] Database database, [FromServices] IPaymentProvider provider, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, PaymentsJson.Default.TokenBody, 16_384, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var token = findings.Text("/providerToken", body.ProviderToken, 200);
        if (!findings.Any && (!CardTokens.IsToken(token) || token.StartsWith(CardTokens.Prefix, StringComparison.Ordinal)))
        {
            findings.Add("/providerToken", "invalid", "providerToken must be a token that the payment provider gave out.");
        }

        var card = findings.Any ? null : await provider.CardAsync(token, cancellation);
        if (!findings.Any && card is null)
        {
            findings.Add("/providerToken", "unknownToken", "The payment provider does not know this token.");
        }

        if (card is null)
        {
            return findings.ToProblem().ToResult();
        }

        var now = time.GetUtcNow();
        var id = await CardTokens.CreateAsync(database, token, card, now, cancellation);
        return Reply.Created($"/api/v1/payments/tokens/{id}", new TokenDocument(id, card.Brand, card.Last4, now + CardTokens.Keep), PaymentsJson.Default.TokenDocument);
    }
}
