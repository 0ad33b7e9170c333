using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Control.Metering;

namespace Slipway.Api.Platform.Usage;

/// <summary><c>GET /api/metrics</c>: how services were doing, oldest first.</summary>
internal sealed class ListMetrics(IUsageLedger ledger, LedgerPages pages)
{
    public async Task<Answer> AnswerAsync(PlatformRequest request)
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
        var (page, after, mismatch) = pages.Read(request, query);
        if ((query.Finish() ?? mismatch) is { } wrong)
        {
            return wrong;
        }

        if (!request.May("list", PlatformResource.Usage, asked.Namespace ?? ""))
        {
            return Problem.Forbidden(request.Caller.User, "list", "metrics", asked.Namespace);
        }

        var rows = await ledger.MetricsAsync(asked with { After = after, Limit = page.Limit + 1 }, request.Cancellation);
        return pages.Answer(rows, page, row => row.Position, MetricView.Of, PlatformJson.Default.ListViewMetricView);
    }
}
