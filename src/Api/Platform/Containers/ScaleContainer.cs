using System.Globalization;
using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Deployments;
using Slipway.Api.Platform.Requests;
using Slipway.Api.Platform.Services;
using Slipway.Model;
using Slipway.Model.Resources;

namespace Slipway.Api.Platform.Containers;

/// <summary>
/// <c>PUT /api/containers/{id}/scale</c>: fixes how many instances the container's revision has; null gives it back to
/// the autoscaler. It stands on the revision, so it needs no new one and a later deployment scales by itself again.
/// </summary>
internal sealed class ScaleContainer(ServiceBook book, DeploymentTarget targets, DeploymentWriter writer)
{
    /// <summary>The annotation by which the fleet fixes the number of instances of a revision.</summary>
    public const string Annotation = "slipway.dev/manual-scale";

    private const int InstancesMax = 1000;

    public async Task<Answer> AnswerAsync(PlatformRequest request)
    {
        var query = new QueryReader(request.Http.Request);
        var @namespace = query.Namespace() ?? GetService.NamespaceDefault;
        var (body, unreadable) = await BodyReader.OpenAsync(request);
        if ((query.Finish() ?? unreadable) is { } wrong)
        {
            return wrong;
        }

        var given = body!.IsPresent("instances");
        var instances = body.Whole("instances", 0, InstancesMax);
        if (!given)
        {
            body.Wrong("instances", "required", "Give a number of instances, or null to scale by load again.");
        }

        if (body.Finish() is { } invalid)
        {
            return invalid;
        }

        var (target, missing) = targets.Find(request, @namespace);
        if (missing is not null)
        {
            return missing;
        }

        var service = target!.Service;
        var revision = target.Revision ?? service.Read("status", KindsJson.Default.ServiceStatus)?.LatestReadyRevisionName;
        if (revision is null)
        {
            return new Problem(409, "notReady", "Nothing to scale yet", $"Service \"{service.Name}\" has no revision that was ever ready.");
        }

        var (_, problem) = await writer.AnnotateAsync(
            request, new ResourceKey(Kinds.Revision, service.Namespace, revision), Annotation, instances?.ToString(CultureInfo.InvariantCulture));
        return problem is not null ? problem : Answer.Of(book.Look(service.Namespace).Show(service), PlatformJson.Default.ServiceView);
    }
}
