using System.Text;
using Slipway.RetailPayments.Tests.Scenes;

namespace Slipway.RetailPayments.Tests.Safety;

public sealed class ReconciliationTests(ShopScene shop) : IClassFixture<ShopScene>
{
    [Fact]
    public async Task Books_that_agree_show_no_difference_and_what_the_bank_did_alone_is_found_and_made_good()
    {
        var order = await shop.PaidAsync();
        var alone = Guid.CreateVersion7();
        await shop.RequestAsync(alone, "tok_success");
        await shop.Bus.UntilAsync(alone, Retail.Contracts.EventTypes.PaymentAuthorized);
        await AgeAsync();
        var agreed = (await shop.Admin().PostAsync("/api/v1/payments/reconciliation", "")).Json();
        Assert.Equal((2, 0), (agreed.GetProperty("compared").GetInt32(), agreed.GetProperty("differences").GetArrayLength()));

        // The bank's own clerk captures one, and somebody else's program makes a payment of which we know nothing.
        shop.Webhooks.Swallow = true;
        var reference = await shop.Database.TextAsync($"select provider_reference from payments where order_id = '{alone}'");
        await BankAsync($"/v1/payment_intents/{reference}/capture", "");
        await BankAsync("/v1/payment_intents", $"amount=700&currency=eur&payment_method=tok_success&confirm=true&capture_method=manual&metadata[order_id]={Guid.CreateVersion7()}");
        await AgeAsync();
        var (code, output) = await ServiceProcess.RunAsync("Retail.Payments.dll", shop.Environment(), "reconcile");
        Assert.True(code == 0, output);
        var report = (await shop.Admin().GetAsync("/api/v1/payments/reconciliation")).Json();

        Assert.Equal(
            ["capturedDiffers", "unknownHere"],
            report.GetProperty("differences").EnumerateArray().Select(difference => difference.GetProperty("kind").GetString()).Order(StringComparer.Ordinal));
        await shop.Bus.UntilAsync(alone, Retail.Contracts.EventTypes.PaymentCompleted);
        Assert.Equal("completed", await shop.StatusAsync(alone));
        Assert.Equal("completed", await shop.StatusAsync(order));
        Assert.Equal("0", await shop.Database.TextAsync("select sum(amount) from ledger_entries"));
    }

    /// <summary>What is younger than two minutes is not compared yet.</summary>
    private async Task AgeAsync()
    {
        await Eventually.TrueAsync(async () => await shop.Database.TextAsync("select count(*) from operations where state = 'open'") == "0", "no open operations");
        await shop.Database.ExecuteAsync("update payments set created_at = now() - interval '10 minutes'");
        await shop.BankDatabase.ExecuteAsync("update intents set created_at = now() - interval '10 minutes'");
    }

    private async Task BankAsync(string path, string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded") };
        request.Headers.Authorization = new("Bearer", ShopScene.ProviderKey);
        using var answer = await shop.Bank.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
