using System.Globalization;
using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Control.Autoscaling.Decisions;
using Slipway.Runtime.Endpoints;

namespace Slipway.Api.Platform.Services;

/// <summary>Why a service has as many instances as it has: one answer of the autoscaler and what it was made from.</summary>
/// <param name="Times">How often in a row the same decision was made, up to <paramref name="LastAt"/>.</param>
/// <param name="Desired">How many instances were wanted.</param>
internal sealed record DecisionView(
    DateTimeOffset At, DateTimeOffset LastAt, int Times, string Revision, string Class, int Before, int Desired, string Reason, DecisionInputsView Inputs);

internal sealed record DecisionInputsView(
    string Metric,
    double? StableAverage,
    double? PanicAverage,
    double? Target,
    bool Panicking,
    int? ExcessBurstCapacity,
    int InstancesReady,
    int InstancesMin,
    int InstancesMax,
    bool Reachable);

/// <summary><c>GET /api/services/{name}/decisions</c>: over all revisions of the service, newest first.</summary>
internal sealed class ListDecisions(PlatformServices services, Paging paging)
{
    /// <summary>More are not remembered for one revision.</summary>
    private const int PerRevisionMax = 500;

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

        var decisions = _book.Look(@namespace).RevisionsOf(service)
            .SelectMany(revision => services.Decisions.Find(new RevisionKey(@namespace, revision.Name), PerRevisionMax).Where(decision => decision.Uid == revision.Uid || decision.Uid.Length == 0))
            .Select(decision => (Decision: decision, Key: Key(decision)))
            .OrderByDescending(item => item.Key[0], StringComparer.Ordinal)
            .ThenByDescending(item => item.Key[1], StringComparer.Ordinal)
            .ThenByDescending(item => item.Key[2], StringComparer.Ordinal)
            .ToList();
        return ListAnswer.Of(
            paging.Cut(decisions, page, item => item.Key, descending: true), item => Show(item.Decision), PlatformJson.Default.ListViewDecisionView);
    }

    private static string[] Key(ScalingDecision decision) =>
        [decision.At.UtcTicks.ToString("D19", CultureInfo.InvariantCulture), decision.Revision, decision.Class];

    private static DecisionView Show(ScalingDecision decision) => new(
        decision.At,
        decision.LastAt,
        decision.Times,
        decision.Revision,
        decision.Class,
        decision.Before,
        decision.Wanted,
        decision.Explanation,
        new DecisionInputsView(
            decision.Metric,
            decision.StableAverage,
            decision.PanicAverage,
            decision.Target,
            decision.Panicking,
            decision.ExcessBurstCapacity,
            decision.Ready,
            decision.InstancesMin,
            decision.InstancesMax,
            decision.Reachable));
}
