using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Control.Metering;

namespace Slipway.Api.Platform.Usage;

/// <summary><c>GET /api/metrics</c>: how services were doing, oldest first.</summary>
internal sealed class ListMetrics(IUsageLedger ledger, LedgerPages pages)
{
    public Task<Answer> AnswerAsync(PlatformRequest request)
    {
        var query = new QueryReader(request.Http.Request);
        var asked = new MetricsQuery
        {
            Namespace = query.Namespace(),
            ServiceId = query.Text("serviceId"),
            Service = query.Text("service"),
            From = query.Instant("from"),
            To = query.Instant("to"),
        };
        return pages.ListAsync(
            request,
            query,
            "metrics",
            asked.Namespace,
            (after, limit) => ledger.MetricsAsync(asked with { After = after, Limit = limit }, request.Cancellation),
            row => row.Position,
            MetricView.Of,
            PlatformJson.Default.ListViewMetricView);
    }
}
