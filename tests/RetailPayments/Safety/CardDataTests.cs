using Slipway.RetailPayments.Tests.Scenes;

namespace Slipway.RetailPayments.Tests.Safety;

/// <summary>No number of a card gets in, and none that was tried is found anywhere afterwards.</summary>
[Collection(SharedShop.Name)]
public sealed class CardDataTests(ShopScene shop)
{
    private const string Number = "4242424242424242";
    private const string Spaced = "4000 0000 0000 0002";

    [Theory]
    [InlineData("/api/v1/payments/tokens", """{"providerToken":"4242424242424242"}""", "/providerToken")]
    [InlineData("/api/payments/tokens", """{"card":{"number":"4000 0000 0000 0002","cvc":"123"}}""", "/card/number")]
    [InlineData("/api/v1/payments", """{"cardToken":"x","note":["a","4242424242424242"]}""", "/note/1")]
    [InlineData("/api/v1/payments/0198f2c5-11aa-7b02-8f3d-77d0c1e5a902/refund", """{"reason":"card 4242-4242-4242-4242"}""", "/reason")]
    [InlineData("/api/v1/payments/webhook", """{"number":4242424242424242}""", "/number")]
    [InlineData("/events/orders", """{"paymentToken":"4242424242424242"}""", "/paymentToken")]
    public async Task A_body_with_the_number_of_a_card_is_refused_and_names_the_place(string path, string body, string pointer)
    {
        var answer = await shop.Admin().PostAsync(path, body);

        var problem = answer.Problem(422, "cardDataRefused");
        Assert.Equal(pointer, problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.DoesNotContain("4242", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("0002", answer.Body.Replace("7b02", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_leaves_no_trace_in_logs_or_rows()
    {
        var admin = shop.Admin();
        await admin.PostAsync("/api/v1/payments/tokens", $$"""{"providerToken":"{{Number}}"}""");
        await admin.PostAsync("/api/v1/payments/tokens", $$"""{"broken {{Number}}""");
        await admin.SendAsync(HttpMethod.Post, "/api/v1/payments/tokens", $"number={Spaced}&cvc=987");
        Assert.Equal(422, (await admin.GetAsync($"/api/v1/payments?status={Number}")).Status);
        Assert.Equal(422, (await admin.GetAsync($"/api/v1/payments?{Number}=1")).Status);
        using var typed = new HttpRequestMessage(HttpMethod.Post, "/v1/tokens")
        {
            Content = new StringContent($$"""{"card":{"number":"{{Number}}","exp_month":12,"exp_year":2034,"cvc":"987"} }""", System.Text.Encoding.UTF8, "application/json"),
        };
        Assert.Equal(200, (int)(await shop.Bank.Client.SendAsync(typed)).StatusCode);
        var order = await shop.PaidAsync();

        var lines = shop.Payments.Log.All.Concat(shop.Bank.Log.All).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line =>
        {
            Assert.DoesNotContain(Number, line, StringComparison.Ordinal);
            Assert.DoesNotContain(Spaced, line, StringComparison.Ordinal);
            Assert.DoesNotContain("cvc=987", line, StringComparison.Ordinal);
        });
        foreach (var database in new[] { shop.Database, shop.BankDatabase })
        {
            var tables = await database.TextAsync(
                "select string_agg(format('%I.%I', table_schema, table_name), ',') from information_schema.tables where table_schema in ('public', 'slipway') and table_type = 'BASE TABLE'");
            foreach (var table in tables.Split(','))
            {
                Assert.Equal("0", await database.TextAsync($"select count(*) from {table} t where t::text like '%{Number}%' or t::text like '%{Spaced}%'"));
            }
        }

        Assert.Equal("completed", await shop.StatusAsync(order));
    }

    [Fact]
    public async Task A_card_typed_at_the_bank_pays_under_the_shops_own_token()
    {
        using var typed = new HttpRequestMessage(HttpMethod.Post, "/v1/tokens")
        {
            Content = new StringContent("""{"card":{"number":"4242 4242 4242 4242","exp_month":12,"exp_year":2034,"cvc":"123"}}""", System.Text.Encoding.UTF8, "application/json"),
        };
        var bank = await Slipway.Sdk.Hosting.Conformance.Answer.OfAsync(shop.Bank.Client, typed);
        var token = (await shop.Customer().PostAsync("/api/v1/payments/tokens", $$"""{"providerToken":"{{bank.Json().GetProperty("id").GetString()}}"}""")).Json();
        var order = Guid.CreateVersion7();

        await shop.RequestAsync(order, token.GetProperty("token").GetString()!);
        await shop.Bus.UntilAsync(order, Retail.Contracts.EventTypes.PaymentAuthorized);

        Assert.StartsWith("ptk_", token.GetProperty("token").GetString(), StringComparison.Ordinal);
        Assert.Equal(("visa", "4242"), (token.GetProperty("cardBrand").GetString(), token.GetProperty("last4").GetString()));
        (await shop.Customer().PostAsync("/api/v1/payments/tokens", """{"providerToken":"tok_unknown"}""")).Problem(422, "invalid");
    }

    [Fact]
    public async Task The_shops_page_may_ask_the_bank_for_a_token_and_no_other_page_may()
    {
        foreach (var (origin, allowed) in new[] { ("http://shop.localhost:8080", true), ("http://elsewhere.test", false) })
        {
            using var preflight = new HttpRequestMessage(HttpMethod.Options, "/v1/tokens");
            preflight.Headers.TryAddWithoutValidation("Origin", origin);
            preflight.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "POST");
            using var answer = await shop.Bank.Client.SendAsync(preflight);

            Assert.Equal(allowed, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) && values.Contains(origin));
        }
    }
}
