using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Api.Platform.Services;

namespace Slipway.Api.Platform.Discovery;

/// <param name="Healthy">It may receive requests now.</param>
internal sealed record RegisteredInstanceView(
    string Id, string Service, string Namespace, string Revision, string? Address, string Status, bool Healthy, string? Message, DateTimeOffset RegisteredAt);

/// <summary>
/// <c>GET /api/registry/services/{name}/instances</c>: where a service can be reached now. Instances are registered by
/// being started and leave by ending; nobody keeps a list of addresses.
/// </summary>
internal sealed class ListInstances(PlatformServices services, Paging paging)
{
    private readonly ServiceBook _book = new(services);

    public Task<Answer> AnswerAsync(PlatformRequest request) => Task.FromResult(Answer(request));

    private Answer Answer(PlatformRequest request)
    {
        var query = new QueryReader(request.Http.Request);
        var @namespace = query.Namespace() ?? GetService.NamespaceDefault;
        var healthyOnly = query.Flag("healthy");
        var (page, mismatch) = paging.Read(request, query);
        if ((query.Finish() ?? mismatch) is { } wrong)
        {
            return wrong;
        }

        if (!request.May("get", PlatformResource.Services, @namespace) || _book.Find(@namespace, request.Value("name")) is not { } service)
        {
            return Problem.NotFound("service", request.Value("name"));
        }

        var instances = RegisteredInstances.Of(services, _book.Look(@namespace), service).Where(instance => !healthyOnly || instance.Healthy).ToList();
        return ListAnswer.Of(paging.Cut(instances, page, instance => [instance.Id]), PlatformJson.Default.ListViewRegisteredInstanceView);
    }
}
