using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Deployments;
using Slipway.Api.Platform.Requests;
using Slipway.Api.Platform.Services;

namespace Slipway.Api.Platform.Containers;

/// <summary>
/// <c>PUT /api/containers/{id}</c>: other resources or bounds for the containers of this one's service. Revisions never
/// change, so a new one takes over and this container goes once its requests are done. What is not given stays.
/// </summary>
internal sealed class ChangeContainer(ServiceBook book, DeploymentTarget targets, DeploymentWriter writer)
{
    public async Task<Answer> AnswerAsync(PlatformRequest request)
    {
        var (@namespace, form, wrong) = await DeploymentForm.ReadAsync(request, imageRequired: false);
        if (wrong is not null)
        {
            return wrong;
        }

        var (target, missing) = targets.Find(request, @namespace);
        if (missing is not null)
        {
            return missing;
        }

        var (written, problem) = await writer.ChangeAsync(request, target!.Service.Key, manifest => DeploymentManifest.Changed(manifest, form));
        return problem is not null ? problem : Answer.Of(book.Look(written!.Namespace).Show(written), PlatformJson.Default.ServiceView);
    }
}
