using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Containers;
using Slipway.Api.Platform.Requests;
using Slipway.Control.Metering;

namespace Slipway.Api.Platform.Usage;

/// <summary><c>GET /api/containers/{id}/metrics</c>: how one container was doing, oldest first.</summary>
internal sealed class ContainerMetrics(ContainerBook book, IUsageLedger ledger, LedgerPages pages)
{
    public async Task<Answer> AnswerAsync(PlatformRequest request)
    {
        var query = new QueryReader(request.Http.Request);
        var (from, to) = (query.Instant("from"), query.Instant("to"));
        var (page, after, mismatch) = pages.Read(request, query);
        if ((query.Finish() ?? mismatch) is { } wrong)
        {
            return wrong;
        }

        if (book.Find(request, "get") is not { } instance)
        {
            return Problem.NotFound("container", request.Value("id"));
        }

        var rows = await ledger.QueryAsync(
            new UsageQuery { Namespace = instance.Spec.Namespace, ContainerId = instance.Id, From = from, To = to, After = after, Limit = page.Limit + 1 },
            request.Cancellation);
        return pages.Answer(rows, page, row => row.Position, ContainerMetricView.Of, PlatformJson.Default.ListViewContainerMetricView);
    }
}
