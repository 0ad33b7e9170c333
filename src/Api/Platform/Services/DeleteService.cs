using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Api.Platform.Services;

/// <summary><c>DELETE /api/services/{name}</c>: the service with its revisions and containers. Repeating it changes nothing.</summary>
internal sealed class DeleteService(IResourceStore store)
{
    public async Task<Answer> AnswerAsync(PlatformRequest request)
    {
        var query = new QueryReader(request.Http.Request);
        var @namespace = query.Namespace() ?? GetService.NamespaceDefault;
        if (query.Finish() is { } wrong)
        {
            return wrong;
        }

        if (!request.May("delete", PlatformResource.Services, @namespace))
        {
            return Problem.Forbidden(request.Caller.User, "delete", "services", @namespace);
        }

        var deleted = await store.DeleteAsync(
            new ResourceKey(Kinds.Service, @namespace, request.Value("name")), DeleteOptions.Default, request.Cancellation);
        return deleted.Failure is { Kind: not FailureKind.NotFound } failure ? Problem.Of(failure) : new Answer.Done();
    }
}
