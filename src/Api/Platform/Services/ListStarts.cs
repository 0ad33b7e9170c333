using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Control.Fleet;

namespace Slipway.Api.Platform.Services;

/// <summary>How a revision's instances came to serve since the platform started, and where the time of their starts went.</summary>
/// <param name="Thaws">Frozen instances that were woken, which is no start.</param>
internal sealed record StartsView(string Revision, long Starts, StartStagesView? Last, StartStagesView? Average, long Thaws, long Failures);

/// <param name="QueueMs">From the waiting request, or the decision, to the call of the driver.</param>
/// <param name="SpawnMs">Until the process existed.</param>
/// <param name="RuntimeMs">Until its startup probe passed.</param>
/// <param name="ProbeMs">Until its readiness probe passed.</param>
internal sealed record StartStagesView(double QueueMs, double SpawnMs, double RuntimeMs, double ProbeMs, double TotalMs);

/// <summary><c>GET /api/services/{name}/starts</c>: a line for each revision that is looked after, by name.</summary>
internal sealed class ListStarts(PlatformServices services, Paging paging)
{
    private readonly ServiceBook _book = new(services);

    public Task<Answer> AnswerAsync(PlatformRequest request) => Task.FromResult(Answer(request));

    private Answer Answer(PlatformRequest request)
    {
        var query = new QueryReader(request.Http.Request);
        var @namespace = query.Namespace() ?? GetService.NamespaceDefault;
        var (page, mismatch) = paging.Read(request, query);
        if ((query.Finish() ?? mismatch) is { } wrong)
        {
            return wrong;
        }

        if (!request.May("get", PlatformResource.Services, @namespace) || _book.Find(@namespace, request.Value("name")) is not { } service)
        {
            return Problem.NotFound("service", request.Value("name"));
        }

        var revisions = _book.Look(@namespace).RevisionsOf(service).Select(revision => revision.Uid).ToHashSet(StringComparer.Ordinal);
        var starts = services.Fleet()
            .Where(snapshot => revisions.Contains(snapshot.Uid))
            .Select(snapshot => (Snapshot: snapshot, Key: new[] { snapshot.Revision.Name }))
            .OrderBy(item => item.Key[0], StringComparer.Ordinal)
            .ToList();
        return ListAnswer.Of(
            paging.Cut(starts, page, item => item.Key, descending: false), item => Show(item.Snapshot), PlatformJson.Default.ListViewStartsView);
    }

    private static StartsView Show(RevisionFleetSnapshot snapshot) => new(
        snapshot.Revision.Name,
        snapshot.ColdStarts,
        snapshot.LastColdStart is { } last ? Stages(last, 1) : null,
        snapshot.ColdStarts > 0 ? Stages(snapshot.ColdStartSum, snapshot.ColdStarts) : null,
        snapshot.Thaws,
        snapshot.Failures);

    private static StartStagesView Stages(ColdStart sum, long count) => new(
        Rounded(sum.Queue, count), Rounded(sum.Spawn, count), Rounded(sum.Runtime, count), Rounded(sum.Probe, count), Rounded(sum.Total, count));

    private static double Rounded(TimeSpan sum, long count) => Math.Round(sum.TotalMilliseconds / count, 2);
}
