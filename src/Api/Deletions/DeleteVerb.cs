using System.Text.Json.Nodes;
using Slipway.Api.Pods;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Api.Deletions;

/// <summary>Deletes one object or a selection of them. Deleting a Pod recycles the instance it shows.</summary>
internal sealed class DeleteVerb(IResourceStore store, IInstanceRecycler recycler, ManifestReader reader)
{
    private const string Undeletable = "default";

    public async Task<Reply> AnswerAsync(ApiRequest request)
    {
        var parameters = await ReadAsync(request).ConfigureAwait(false);
        if (parameters.Failure is { } wrong)
        {
            return wrong;
        }

        var deleted = await DeleteAsync(request.Key, parameters.Value, request.Cancellation).ConfigureAwait(false);
        if (deleted.Failure is { } failure)
        {
            return failure;
        }

        // While finalizers hold it, or its instance still stops, the object is there; the client may watch it go.
        return deleted.Value.Metadata.Finalizers is { Count: > 0 } || request.Kind == Kinds.Pod || parameters.Value.Options.DryRun
            ? new Reply.One(deleted.Value)
            : new Reply.Finished(StatusObject.Deleted(deleted.Value));
    }

    public async Task<Reply> AnswerCollectionAsync(ApiRequest request)
    {
        if (request.Kind.Namespaced && request.Path.Namespace.Length == 0)
        {
            return Failures.MethodNotAllowed($"deleting {request.Kind.Qualified} of all namespaces at once is not supported; name a namespace");
        }

        if (request.Kind == Kinds.Namespace)
        {
            return Failures.MethodNotAllowed("namespaces are deleted one by one");
        }

        var parameters = await ReadAsync(request).ConfigureAwait(false);
        if (parameters.Failure is { } wrong)
        {
            return wrong;
        }

        var selection = Selection.Read(request);
        if (selection.Failure is { } unclear)
        {
            return unclear;
        }

        var deleted = new List<Resource>();
        foreach (var resource in store.List(request.Kind, request.Path.Namespace).Items.Where(selection.Value.Matches))
        {
            var one = await DeleteAsync(resource.Key, parameters.Value, request.Cancellation).ConfigureAwait(false);
            if (one.Succeeded)
            {
                deleted.Add(one.Value);
            }
            else if (one.Failure!.Kind != FailureKind.NotFound)
            {
                return one.Failure;
            }
        }

        return new Reply.Many(request.Kind, new ListPage(store.Version, deleted));
    }

    private async Task<Outcome<DeleteParameters>> ReadAsync(ApiRequest request)
    {
        JsonObject? body = null;
        var bytes = await reader.ReadBytesAsync(request).ConfigureAwait(false);
        if (bytes.Failure is { } tooLarge)
        {
            return tooLarge;
        }

        if (bytes.Value.Length > 0)
        {
            var manifest = ManifestReader.Decode(RequestBody.MediaType(request.Http.Request), bytes.Value);
            if (manifest.Failure is { } unreadable)
            {
                return unreadable;
            }

            body = manifest.Value.Tree;
        }

        return DeleteParameters.Read(request.Http.Request, body);
    }

    private async Task<Outcome<Resource>> DeleteAsync(ResourceKey key, DeleteParameters parameters, CancellationToken cancellation)
    {
        if (key.Kind == Kinds.Namespace && key.Name == Undeletable)
        {
            return Failures.Forbidden(key.Kind, key.Name, "this namespace may not be deleted");
        }

        if (key.Kind == Kinds.Pod)
        {
            return await RecycleAsync(key, parameters, cancellation).ConfigureAwait(false);
        }

        var deleted = await store.DeleteAsync(key, parameters.Options, cancellation).ConfigureAwait(false);
        return deleted.Failure is { } failure ? failure.InClientWords(key) : deleted;
    }

    private async Task<Outcome<Resource>> RecycleAsync(ResourceKey key, DeleteParameters parameters, CancellationToken cancellation)
    {
        if (store.Get(key) is not { } pod)
        {
            return Failures.NotFound(key.Kind, key.Name);
        }

        if (parameters.Options.Uid is { } uid && uid != pod.Uid)
        {
            return Failures.Conflict(key, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {pod.Uid}");
        }

        if (parameters.Options.DryRun)
        {
            return pod;
        }

        var recycled = await recycler.RecycleAsync(key.Namespace, key.Name, parameters.Grace, cancellation).ConfigureAwait(false);
        return recycled.Failure is { } failure ? failure.InClientWords(key) : pod;
    }
}
