using System.Text.Json.Nodes;
using Slipway.Api.Admission;
using Slipway.Api.Replies;
using Slipway.Api.Requests;

namespace Slipway.Api.Writes;

/// <summary>PUT: the body is the whole next object. Without a resourceVersion it replaces whatever is there.</summary>
internal sealed class UpdateVerb(ManifestReader reader, ObjectWriter writer)
{
    public async Task<Reply> AnswerAsync(ApiRequest request)
    {
        var parameters = WriteParameters.Read(request.Http.Request);
        if (parameters.Failure is { } wrong)
        {
            return wrong;
        }

        var manifest = await reader.ReadAsync(request).ConfigureAwait(false);
        if (manifest.Failure is { } unreadable)
        {
            return unreadable;
        }

        var body = manifest.Value;
        if ((Identity.Settle(body.Tree, request.Path) ?? Identity.SettleName(body.Tree, request.Path)) is { } misplaced)
        {
            return misplaced;
        }

        var write = new WriteContext(request.Path, request.Caller, parameters.Value, parameters.Value.ManagerOf(request.Http.Request));
        return await writer.ChangeAsync(
            write,
            _ => new NextObject(Unlocated((JsonObject)body.Tree.DeepClone(), request)) { Duplicates = body.Duplicates },
            request.Cancellation).ConfigureAwait(false);
    }

    /// <summary>gcloud sends back the region it was shown; it is not part of the object.</summary>
    private static JsonObject Unlocated(JsonObject tree, ApiRequest request)
    {
        if (request.Dialect is not null && tree["metadata"]?["labels"] is JsonObject labels)
        {
            labels.Remove(CloudRunDialect.LocationLabel);
        }

        return tree;
    }
}
