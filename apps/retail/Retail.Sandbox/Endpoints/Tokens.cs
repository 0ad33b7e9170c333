using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Sandbox.Bank;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Retail.Sandbox.Endpoints;

internal sealed record TokenBody
{
    public CardBody? Card { get; set; }
}

internal sealed record CardBody
{
    public string? Number { get; set; }

    [JsonPropertyName("exp_month")]
    public int? ExpiryMonth { get; set; }

    [JsonPropertyName("exp_year")]
    public int? ExpiryYear { get; set; }

    public string? Cvc { get; set; }
}

/// <summary>
/// A card becomes a token. The only place of the whole shop where a card number is typed; it is compared with the test cards, and
/// brand and last four digits are all that stays of it.
/// </summary>
internal static class Tokens
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/tokens", CreateAsync).WithName("createToken").WithSummary("Turns a test card into a token.")
            .OpenToAll("A buyer's browser calls it before anybody is signed in.").Limited("tokens").Accepts<TokenBody>("application/json").Produces(200);
        app.MapGet("/v1/tokens/{id}", GetAsync).WithName("getToken").WithSummary("Brand and last digits behind a token.").OpenToAll(ShopKey.Why).Produces(200);
    }

    public static async Task<BankCard?> FindAsync(Database database, string token, CancellationToken cancellation) =>
        TestCards.OfToken(token) ?? await database.ReadAsync(
            (connection, stop) => connection.Command("select brand, last4, exp_month, exp_year, behaviour from tokens where id = $1", token).OneAsync(
                row => new BankCard(row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), Enum.Parse<Behaviour>(row.GetString(4))), stop),
            cancellation);

    private static async Task<IResult> CreateAsync(HttpContext http, [FromServices] Database database, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, SandboxJson.Default.TokenBody, 16_384, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var now = time.GetUtcNow();
        var number = (body.Card?.Number ?? "").Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        var behaviour = TestCards.OfNumber(number);
        if (behaviour is null)
        {
            findings.Add("/card/number", number.Length == 0 ? "required" : "notATestCard", "This bank knows test cards only, such as the one that ends with 4242. Never type a real one.");
        }

        var (month, year) = (body.Card?.ExpiryMonth ?? 0, body.Card?.ExpiryYear ?? 0);
        if (month is < 1 or > 12)
        {
            findings.Add("/card/exp_month", "outOfRange", "exp_month must be from 1 to 12.");
        }
        else if (year > now.Year + 30 || year * 12 + month < now.Year * 12 + now.Month)
        {
            findings.Add("/card/exp_year", "expired", "The card must not have expired.");
        }

        if (body.Card?.Cvc is not { Length: 3 or 4 } check || check.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            findings.Add("/card/cvc", "invalid", "cvc must be three or four digits.");
        }

        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        var card = new BankCard("visa", number[^4..], month, year, behaviour!.Value);
        var token = Ids.New("tok");
        await database.WriteAsync(
            (transaction, stop) => transaction.Command(
                "insert into tokens (id, brand, last4, behaviour, exp_month, exp_year, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
                token, card.Brand, card.Last4, card.Behaviour.ToString(), month, year, now).ExecuteAsync(stop),
            cancellation);
        return BankReply.Of(BankDocuments.Of(token, card)).ToResult();
    }

    private static async Task<IResult> GetAsync(string id, HttpContext http, [FromServices] ShopKey key, [FromServices] Database database, CancellationToken cancellation) =>
        key.Refuse(http)
            ?? (await FindAsync(database, id, cancellation) is { } card ? BankReply.Of(BankDocuments.Of(id, card)) : BankReply.Of(Refusal.Missing("token"))).ToResult();
}
