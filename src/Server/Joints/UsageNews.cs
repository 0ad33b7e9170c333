using System.Text.Json.Nodes;
using Slipway.Control.Metering;
using Slipway.Eventing;

namespace Slipway.Server.Joints;

/// <summary>Every usage row of the ledger is told as an event once it is written. Rows have ids, so looking twice at one does no harm.</summary>
internal sealed class UsageNews(IUsageLedger ledger, EventBus events, TimeProvider time)
{
    private const int PageSize = 500;

    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(30);

    public async Task RunAsync(CancellationToken stopping)
    {
        var after = new RowPosition(time.GetUtcNow(), Guid.Empty);
        while (true)
        {
            await Task.Delay(s_every, time, stopping);
            while (await ledger.QueryAsync(new UsageQuery { After = after, Limit = PageSize }, stopping) is { Succeeded: true, Value: { Count: > 0 } rows })
            {
                foreach (var row in rows)
                {
                    events.TellOfPlatform("usage.recorded", row.Id.ToString(), $"{row.Namespace}/{row.Service}", row.PeriodEnd, Data(row));
                }

                after = rows[^1].Position;
            }
        }
    }

    private static JsonObject Data(UsageRow row) => new()
    {
        ["namespace"] = row.Namespace,
        ["service"] = row.Service,
        ["revision"] = row.Revision,
        ["container"] = row.ContainerId,
        ["userId"] = row.UserId,
        ["periodStart"] = row.PeriodStart.UtcDateTime,
        ["periodEnd"] = row.PeriodEnd.UtcDateTime,
        ["cpuVcpuSeconds"] = row.CpuVcpuSeconds,
        ["memoryGibSeconds"] = row.MemoryGibSeconds,
        ["storageBytes"] = row.StorageBytes,
        ["requests"] = row.Requests,
        ["egressBytes"] = row.EgressBytes,
    };
}
