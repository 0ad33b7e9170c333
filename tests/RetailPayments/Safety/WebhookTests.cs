using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Retail.Contracts;
using Slipway.RetailPayments.Tests.Scenes;

namespace Slipway.RetailPayments.Tests.Safety;

public sealed class WebhookTests(ShopScene shop) : IClassFixture<ShopScene>
{
    [Fact]
    public async Task A_message_must_be_signed_and_fresh()
    {
        var (now, body) = (TimeProvider.System.GetUtcNow(), Event("evt_rules"));

        Assert.Equal(200, await shop.Webhooks.SendAsync(Sign(ShopScene.WebhookSecret, now, body), body));
        Assert.Equal(200, await shop.Webhooks.SendAsync(Sign(ShopScene.PreviousSecret, now, body), body));
        Assert.Equal(401, await shop.Webhooks.SendAsync(Sign(new byte[32], now, body), body));
        Assert.Equal(401, await shop.Webhooks.SendAsync(Sign(ShopScene.WebhookSecret, now.AddMinutes(-6), body), body));
        Assert.Equal(401, await shop.Webhooks.SendAsync(Sign(ShopScene.WebhookSecret, now.AddMinutes(6), body), body));
        Assert.Equal(401, await shop.Webhooks.SendAsync(Sign(ShopScene.WebhookSecret, now, body), body + " "));
        Assert.Equal(401, await shop.Webhooks.SendAsync("", body));
        Assert.Equal(401, await shop.Webhooks.SendAsync("t=x,v1=zz", body));
        Assert.Equal(400, await shop.Webhooks.SendAsync(Sign(ShopScene.WebhookSecret, now, "[]"), "[]"));
    }

    [Fact]
    public async Task Messages_in_the_wrong_order_and_again_change_nothing()
    {
        var order = await shop.PaidAsync();
        await Eventually.TrueAsync(() => About(order).Count >= 2, "both messages");

        // The bank's own words, the last first, under new ids as if they had been sent anew.
        foreach (var (_, body) in About(order).Reverse())
        {
            for (var time = 0; time < 2; time++)
            {
                var again = body.Replace("\"id\":\"evt_", $"\"id\":\"evt_again{time}", StringComparison.Ordinal);
                Assert.Equal(200, await shop.Webhooks.SendAsync(Sign(ShopScene.WebhookSecret, TimeProvider.System.GetUtcNow(), again), again));
            }
        }

        await Eventually.TrueAsync(async () => await shop.Database.TextAsync("select count(*) from operations where state = 'open'") == "0", "no open operations");
        Assert.Equal("completed", await shop.StatusAsync(order));
        Assert.Equal(["authorized", "completed"], shop.Bus.TypesOf(order));
        Assert.Equal("succeeded 4990 0", await shop.BankAsync(order));
    }

    [Fact]
    public async Task Lost_messages_are_made_good_by_asking()
    {
        var order = Guid.CreateVersion7();
        shop.Webhooks.Swallow = true;
        try
        {
            await shop.RequestAsync(order, "tok_webhook_later");
            await Eventually.TrueAsync(async () => await shop.BankAsync(order) == "requires_capture 0 0", "the bank to decide");
            await Eventually.TrueAsync(() => About(order).Any(kept => kept.Body.Contains("amount_capturable_updated", StringComparison.Ordinal)), "the message to be lost");
        }
        finally
        {
            shop.Webhooks.Swallow = false;
        }

        Assert.Equal("pending", await shop.StatusAsync(order));
        await shop.Database.ExecuteAsync($"update payments set updated_at = now() - interval '2 minutes' where order_id = '{order}'");
        await shop.Database.ExecuteAsync("update operations set created_at = now() - interval '2 minutes'");
        var (code, output) = await ServiceProcess.RunAsync("Retail.Payments.dll", shop.Environment(), "sweep");

        Assert.True(code == 0, output);
        await shop.Bus.UntilAsync(order, EventTypes.PaymentAuthorized);
    }

    private IReadOnlyList<(string Signature, string Body)> About(Guid order) =>
        [.. shop.Webhooks.Kept.Where(kept => kept.Body.Contains(order.ToString(), StringComparison.Ordinal))];

    private static string Event(string id) => $$"""{"id":"{{id}}","object":"event","type":"payment_intent.succeeded","data":{"object":{"id":"pi_unknown","object":"payment_intent"} } }""";

    private static string Sign(byte[] secret, DateTimeOffset at, string body)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{seconds}.{body}")))}";
    }
}
