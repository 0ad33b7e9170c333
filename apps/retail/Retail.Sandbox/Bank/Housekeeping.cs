using Slipway.Sdk.Database;

namespace Retail.Sandbox.Bank;

/// <summary>What nobody asks for any more goes: replies after a month, delivered webhooks after a month, unused tokens after a year.</summary>
internal static class Housekeeping
{
    public static Task ForgetAsync(Database database, DateTimeOffset now, CancellationToken cancellation) => database.WriteAsync(
        async (transaction, token) =>
        {
            var month = now - TimeSpan.FromDays(30);
            await transaction.Command("delete from idempotent_replies where key in (select key from idempotent_replies where at < $1 limit 5000)", month).ExecuteAsync(token);
            await transaction.Command("delete from webhook_deliveries where number in (select number from webhook_deliveries where delivered_at < $1 limit 5000)", month).ExecuteAsync(token);
            await transaction.Command("delete from tokens where id in (select id from tokens where created_at < $1 limit 5000)", now - TimeSpan.FromDays(365)).ExecuteAsync(token);
        },
        cancellation);
}
