using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Api.Pods;
using Slipway.Model.Failures;
using Slipway.Runtime.Instances;

namespace Slipway.Api.Platform.Containers;

/// <summary>
/// <c>DELETE /api/containers/{id}</c> and <c>POST /api/containers/{id}/restart</c>: this instance goes, and a fresh one
/// comes if one is wanted. Both answer when that is decided, not when the instance is gone.
/// </summary>
internal sealed class RecycleContainer(ContainerBook book, IInstanceRecycler recycler)
{
    /// <summary>Deleting what is not there any more is done already.</summary>
    public async Task<Answer> DeleteAsync(PlatformRequest request)
    {
        if (new QueryReader(request.Http.Request).Finish() is { } wrong)
        {
            return wrong;
        }

        return book.Find(request, "get") is not { } instance
            ? new Answer.Done()
            : await RecycleAsync(request, instance) is { } problem ? problem : new Answer.Done();
    }

    public async Task<Answer> RestartAsync(PlatformRequest request)
    {
        if (new QueryReader(request.Http.Request).Finish() is { } wrong)
        {
            return wrong;
        }

        if (book.Find(request, "get") is not { } instance)
        {
            return Problem.NotFound("container", request.Value("id"));
        }

        if (instance.Phase == InstancePhase.Exited)
        {
            return new Problem(409, "alreadyEnded", "The container has ended", $"Container \"{instance.Id}\" has ended; another one is started when it is wanted.");
        }

        return await RecycleAsync(request, instance) is { } problem ? problem : Answer.Of(book.Show(instance), PlatformJson.Default.ContainerView, 202);
    }

    private async Task<Problem?> RecycleAsync(PlatformRequest request, InstanceState instance)
    {
        if (!request.May("delete", PlatformResource.Containers, instance.Spec.Namespace))
        {
            return Problem.Forbidden(request.Caller.User, "delete", "containers", instance.Spec.Namespace);
        }

        var recycled = await recycler.RecycleAsync(instance.Spec.Namespace, instance.Id, null, request.Cancellation);
        return recycled.Failure is { Kind: not FailureKind.NotFound } failure ? Problem.Of(failure) : null;
    }
}
