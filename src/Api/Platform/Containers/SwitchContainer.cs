using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Deployments;
using Slipway.Api.Platform.Requests;
using Slipway.Api.Platform.Services;
using Slipway.Model.Serving;

namespace Slipway.Api.Platform.Containers;

/// <summary>
/// <c>POST /api/containers/{id}/stop</c> and <c>/start</c>: no container of the service runs and requests are refused,
/// until it is started again. Repeating either changes nothing.
/// </summary>
internal sealed class SwitchContainer(ServiceBook book, DeploymentTarget targets, DeploymentWriter writer)
{
    public Task<Answer> StopAsync(PlatformRequest request) => AnswerAsync(request, "true");

    public Task<Answer> StartAsync(PlatformRequest request) => AnswerAsync(request, null);

    private async Task<Answer> AnswerAsync(PlatformRequest request, string? stopped)
    {
        var query = new QueryReader(request.Http.Request);
        var @namespace = query.Namespace() ?? GetService.NamespaceDefault;
        if (query.Finish() is { } wrong)
        {
            return wrong;
        }

        var (target, missing) = targets.Find(request, @namespace);
        if (missing is not null)
        {
            return missing;
        }

        var (written, problem) = await writer.AnnotateAsync(request, target!.Service.Key, ServingNames.Stopped, stopped);
        return problem is not null ? problem : Answer.Of(book.Look(written!.Namespace).Show(written), PlatformJson.Default.ServiceView);
    }
}
