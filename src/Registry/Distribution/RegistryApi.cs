using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Registry.Content;

namespace Slipway.Registry.Distribution;

/// <summary>
/// A request below <c>/v2/</c> passes, in this order: read the path, identify the caller, check what they may do, act.
/// </summary>
internal sealed class RegistryApi(
    ContentStore content, UploadBook uploads, RegistryAccess access, TokenEndpoint token, ManifestEndpoints manifests, ILogger<RegistryApi> log)
{
    private readonly BlobEndpoints _blobs = new(content);
    private readonly UploadEndpoints _uploads = new(content, uploads);
    private readonly ListEndpoints _lists = new(content);

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        try
        {
            await RouteAsync(context);
        }
        catch (Exception exception) when (StorageFailure.Explains(exception) && !context.Response.HasStarted)
        {
            var failure = StorageFailure.From(exception, content.Folders.Root)!;
            log.StorageFailed(failure.Code, failure.Detail);
            await RegistryErrors.WriteAsync(context, failure);
        }
    }

    private async Task RouteAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? string.Empty;
        var route = RegistryRoute.Read(path.StartsWith("/v2/", StringComparison.Ordinal) ? path["/v2/".Length..] : string.Empty);
        if (route is RegistryRoute.Refused refused)
        {
            await RegistryErrors.WriteAsync(context, refused.Status, refused.Code, refused.Message);
            return;
        }

        if (route is RegistryRoute.Token)
        {
            await (HttpMethods.IsGet(context.Request.Method) ? token.HandleAsync(context) : NotAllowed(context, "GET"));
            return;
        }

        var (repository, action) = Need(route, context.Request.Method);
        var caller = await access.IdentifyAsync(context);
        if (caller is null || (repository is null ? !MayPing(context, caller) : !caller.May(repository, action)))
        {
            await RefuseAsync(context, caller, repository, action);
            return;
        }

        if (repository is not null && action == RegistryAction.Push && ReservedRepositories.Contains(repository))
        {
            await RegistryErrors.WriteAsync(context, 403, "DENIED",
                $"Repositories below {ReservedRepositories.Prefix} hold copies from other registries and cannot be pushed to. Choose another name.");
            return;
        }

        await ActAsync(context, route, caller);
    }

    private Task ActAsync(HttpContext context, RegistryRoute route, RegistryCaller caller)
    {
        var method = context.Request.Method;
        var reads = HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
        return route switch
        {
            RegistryRoute.Ping when reads => Task.CompletedTask,
            RegistryRoute.Catalog when reads => _lists.CatalogAsync(context),
            RegistryRoute.TagList tags when reads => _lists.TagsAsync(context, tags.Repository),
            RegistryRoute.Referrers referrers when reads => _lists.ReferrersAsync(context, referrers.Repository, referrers.Digest),
            RegistryRoute.OneManifest one when reads => manifests.GetAsync(context, one.Repository, one.Reference),
            RegistryRoute.OneManifest one when HttpMethods.IsPut(method) => manifests.PutAsync(context, one.Repository, one.Reference),
            RegistryRoute.OneManifest one when HttpMethods.IsDelete(method) => manifests.DeleteAsync(context, one.Repository, one.Reference),
            RegistryRoute.OneBlob one when reads => _blobs.GetAsync(context, one.Repository, one.Digest),
            RegistryRoute.OneBlob one when HttpMethods.IsDelete(method) => _blobs.DeleteAsync(context, one.Repository, one.Digest),
            RegistryRoute.Uploads begin when HttpMethods.IsPost(method) => _uploads.BeginAsync(context, begin.Repository, caller),
            RegistryRoute.OneUpload one when HttpMethods.IsGet(method) => _uploads.StatusAsync(context, one.Repository, one.Id),
            RegistryRoute.OneUpload one when HttpMethods.IsPatch(method) => _uploads.ContinueAsync(context, one.Repository, one.Id),
            RegistryRoute.OneUpload one when HttpMethods.IsPut(method) => _uploads.FinishAsync(context, one.Repository, one.Id),
            RegistryRoute.OneUpload one when HttpMethods.IsDelete(method) => _uploads.CancelAsync(context, one.Repository, one.Id),
            RegistryRoute.OneManifest => NotAllowed(context, "GET, HEAD, PUT, DELETE"),
            RegistryRoute.OneBlob => NotAllowed(context, "GET, HEAD, DELETE"),
            RegistryRoute.Uploads => NotAllowed(context, "POST"),
            RegistryRoute.OneUpload => NotAllowed(context, "GET, PATCH, PUT, DELETE"),
            _ => NotAllowed(context, "GET, HEAD"),
        };
    }

    /// <summary>The repository and the action a request needs; no repository for the ping, an empty one for the whole registry.</summary>
    private static (string? Repository, RegistryAction Action) Need(RegistryRoute route, string method) => route switch
    {
        RegistryRoute.Catalog => (string.Empty, RegistryAction.Pull),
        RegistryRoute.TagList tags => (tags.Repository, RegistryAction.Pull),
        RegistryRoute.Referrers referrers => (referrers.Repository, RegistryAction.Pull),
        RegistryRoute.OneManifest one => (one.Repository, ForMethod(method)),
        RegistryRoute.OneBlob one => (one.Repository, ForMethod(method)),
        RegistryRoute.Uploads uploads => (uploads.Repository, RegistryAction.Push),
        RegistryRoute.OneUpload upload => (upload.Repository, RegistryAction.Push),
        _ => (null, RegistryAction.Pull),
    };

    private static RegistryAction ForMethod(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? RegistryAction.Pull
        : HttpMethods.IsDelete(method) ? RegistryAction.Delete
        : RegistryAction.Push;

    /// <summary>Clients learn from the ping whether to authenticate at all, so only a proven or fully trusted caller gets "yes".</summary>
    private bool MayPing(HttpContext context, RegistryCaller caller) =>
        caller.Name.Length > 0 || access.IsOpenTo(context) || context.Request.Headers.Authorization.Count > 0;

    private static Task RefuseAsync(HttpContext context, RegistryCaller? caller, string? repository, RegistryAction action)
    {
        RegistryAccess.Challenge(context, repository, action);
        var message = caller switch
        {
            null => "The credential or token is wrong or has expired.",
            { Name.Length: 0 } => "Log in first: this needs a name and a secret.",
            _ => $"{caller.Name} may not {action.ToString().ToLowerInvariant()} {(string.IsNullOrEmpty(repository) ? "the catalogue" : repository)}.",
        };

        // A token may simply lack the scope, so the answer invites to fetch another; a Basic credential has nothing more to show.
        var proven = caller is { Name.Length: > 0 } && context.Request.Headers.Authorization.ToString().StartsWith("Basic ", StringComparison.OrdinalIgnoreCase);
        return proven
            ? RegistryErrors.WriteAsync(context, 403, "DENIED", message)
            : RegistryErrors.WriteAsync(context, 401, "UNAUTHORIZED", message);
    }

    private static Task NotAllowed(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return RegistryErrors.WriteAsync(context, 405, "UNSUPPORTED", $"{context.Request.Method} is not possible here; {allowed} are.");
    }
}
