using Retail.Payments.Operations;
using Slipway.Sdk.Database;

namespace Retail.Payments.Reconciling;

/// <summary>
/// Looks after payments that wait for word from the provider: word may be lost, so after a while the provider is asked. Old notes go.
/// </summary>
internal sealed class Overdue(Database database, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_keep = TimeSpan.FromDays(90);

    public Task<int> RunAsync(CancellationToken cancellation) => database.WriteAsync(
        async (transaction, token) =>
        {
            var now = time.GetUtcNow();
            var waiting = await transaction.Command(
                """
                select p.id from payments p
                where p.status in ('pending', 'action_required') and p.updated_at < $1 and p.provider_reference is not null
                  and not exists (select 1 from operations o where o.payment_id = p.id and (o.state = 'open' or o.created_at > $1))
                order by p.updated_at limit 200
                """,
                now - s_patience).ListAsync(row => row.GetGuid(0), token);
            foreach (var payment in waiting)
            {
                await OperationRows.AddAsync(transaction, payment, OperationKind.Look, $"look:{payment}:{now.ToUnixTimeSeconds()}", 0, null, null, now, token);
            }

            await transaction.Command("delete from webhook_events where id in (select id from webhook_events where received_at < $1 limit 5000)", now - s_keep).ExecuteAsync(token);
            await transaction.Command(
                "delete from operations where number in (select number from operations where state = 'done' and kind = 'Look' and ended_at < $1 limit 5000)", now - s_keep).ExecuteAsync(token);
            return waiting.Count;
        },
        cancellation);
}
