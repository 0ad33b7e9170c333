using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Runtime.Instances;

namespace Slipway.Api.Platform.Containers;

/// <summary>
/// <c>GET /api/containers</c>: the instances there are, by namespace, service and id. Those that have ended are shown
/// when their status is asked for.
/// </summary>
internal sealed class ListContainers(ContainerBook book, Paging paging)
{
    public Task<Answer> AnswerAsync(PlatformRequest request) => Task.FromResult(Answer(request));

    private Answer Answer(PlatformRequest request)
    {
        var query = new QueryReader(request.Http.Request);
        var (service, @namespace, revision) = (query.Text("service"), query.Namespace(), query.Text("revision"));
        var statuses = query.Words("status", ContainerStatus.All);
        var (page, mismatch) = paging.Read(request, query);
        if ((query.Finish() ?? mismatch) is { } wrong)
        {
            return wrong;
        }

        if (!request.May("list", PlatformResource.Containers, @namespace ?? ""))
        {
            return Problem.Forbidden(request.Caller.User, "list", "containers", @namespace);
        }

        var found = book.All()
            .Where(instance => (@namespace is null || instance.Spec.Namespace == @namespace)
                && (service is null || ContainerBook.ServiceOf(instance) == service)
                && (revision is null || instance.Spec.Owner == revision)
                && (statuses.Count == 0 ? instance.Phase != InstancePhase.Exited : statuses.Contains(book.Status(instance))))
            .Select(instance => (Instance: instance, Key: Key(instance)))
            .OrderBy(item => item.Key[0], StringComparer.Ordinal)
            .ThenBy(item => item.Key[1], StringComparer.Ordinal)
            .ThenBy(item => item.Key[2], StringComparer.Ordinal)
            .ToList();
        return ListAnswer.Of(paging.Cut(found, page, item => item.Key), item => book.Show(item.Instance), PlatformJson.Default.ListViewContainerView);
    }

    private static string[] Key(InstanceState instance) => [instance.Spec.Namespace, ContainerBook.ServiceOf(instance) ?? "", instance.Id];
}
