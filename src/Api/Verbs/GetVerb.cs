using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Store;

namespace Slipway.Api.Verbs;

internal sealed class GetVerb(IResourceStore store)
{
    public Reply Answer(ApiRequest request) => store.Get(request.Key) is { } found
        ? new Reply.One(found)
        : Failures.NotFound(request.Kind, request.Path.Name);
}
