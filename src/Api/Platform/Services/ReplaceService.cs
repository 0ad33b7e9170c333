using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Deployments;
using Slipway.Api.Platform.Requests;

namespace Slipway.Api.Platform.Services;

/// <summary><c>PUT /api/services/{name}</c>: a new template, hence a new revision. What is not given takes its default.</summary>
internal sealed class ReplaceService(ServiceBook book, DeploymentWriter writer)
{
    public async Task<Answer> AnswerAsync(PlatformRequest request)
    {
        var (@namespace, form, wrong) = await DeploymentForm.ReadAsync(request, imageRequired: true);
        if (wrong is not null)
        {
            return wrong;
        }

        if (!request.May("get", PlatformResource.Services, @namespace) || book.Find(@namespace, request.Value("name")) is not { } service)
        {
            return Problem.NotFound("service", request.Value("name"));
        }

        if (!request.May("update", PlatformResource.Services, @namespace))
        {
            return Problem.Forbidden(request.Caller.User, "change", "services", @namespace);
        }

        var (written, problem) = await writer.ChangeAsync(request, service.Key, manifest => DeploymentManifest.Replaced(manifest, form));
        return problem is not null ? problem : Answer.Of(book.Look(@namespace).Show(written!), PlatformJson.Default.ServiceView);
    }
}
