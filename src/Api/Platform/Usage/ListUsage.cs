using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Control.Metering;

namespace Slipway.Api.Platform.Usage;

/// <summary><c>GET /api/usage</c>: what was used, by user, service or container, oldest first.</summary>
internal sealed class ListUsage(IUsageLedger ledger, LedgerPages pages)
{
    public Task<Answer> AnswerAsync(PlatformRequest request)
    {
        var query = new QueryReader(request.Http.Request);
        var asked = new UsageQuery
        {
            UserId = query.Text("userId"),
            Namespace = query.Namespace(),
            ServiceId = query.Text("serviceId"),
            Service = query.Text("service"),
            ContainerId = query.Text("containerId"),
            From = query.Instant("from"),
            To = query.Instant("to"),
        };
        return pages.ListAsync(
            request,
            query,
            "usage",
            asked.Namespace,
            (after, limit) => ledger.QueryAsync(asked with { After = after, Limit = limit }, request.Cancellation),
            row => row.Position,
            UsageView.Of,
            PlatformJson.Default.ListViewUsageView);
    }
}
