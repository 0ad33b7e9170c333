using System.Text.Json.Nodes;
using Slipway.Api.Admission;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Values;
using Slipway.Store;

namespace Slipway.Api.Writes;

internal sealed class CreateVerb(ApiServices services, ManifestReader reader, AdmissionGate gate, NamespaceRules namespaces)
{
    /// <summary>With 27^5 suffixes even a full store makes a second collision unlikely.</summary>
    private const int GeneratedNamesMax = 8;

    public async Task<Reply> AnswerAsync(ApiRequest request)
    {
        if (request.Kind == Kinds.Revision)
        {
            return Failures.Forbidden(request.Kind, "", "Revisions are made by their Configuration; change its template, or that of its Service, instead");
        }

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

        if (request.Kind.Namespaced && request.Path.Namespace.Length == 0)
        {
            return Failures.BadRequest($"{request.Kind.Qualified} live in a namespace: POST to /namespaces/{{namespace}}/{request.Kind.Plural}");
        }

        var write = new WriteContext(request.Path, request.Caller, parameters.Value, parameters.Value.ManagerOf(request.Http.Request));
        var refused = Identity.Settle(manifest.Value.Tree, request.Path)
            ?? await MakeRoomAsync(request, parameters.Value.DryRun).ConfigureAwait(false);
        return refused ?? await CreateAsync(write, manifest.Value, request.Cancellation).ConfigureAwait(false);
    }

    private async Task<Failure?> MakeRoomAsync(ApiRequest request, bool dryRun) =>
        request is { Dialect: not null, Kind.Namespaced: true } && !dryRun && Names.IsDns1123Label(request.Path.Namespace)
            ? await namespaces.EnsureAsync(request.Path.Namespace, request.Cancellation).ConfigureAwait(false)
            : namespaces.Refusal(request.Kind, request.Path.Namespace);

    private async Task<Reply> CreateAsync(WriteContext write, Content.Manifest manifest, CancellationToken cancellation)
    {
        var kind = write.Path.Kind;
        var metadata = (JsonObject)manifest.Tree["metadata"]!;
        var prefix = Identity.Text(metadata, "name").Length == 0 ? Identity.Text(metadata, "generateName") : "";
        if (Identity.Text(metadata, "resourceVersion").Length > 0)
        {
            return Failures.BadRequest("resourceVersion should not be set on objects to be created");
        }

        for (var attempt = 1; ; attempt++)
        {
            if (prefix.Length > 0)
            {
                metadata["name"] = GeneratedNames.Complete(prefix, services.Random);
            }

            var name = Identity.Text(metadata, "name");
            if (name.Length == 0)
            {
                return Named(Failures.Invalid(kind, "", new Finding("FieldValueRequired", "Required value: name or generateName is required", "metadata.name")), kind, "");
            }

            var admitted = gate.Create(write, (JsonObject)manifest.Tree.DeepClone(), manifest.Duplicates);
            if (admitted.Failure is { } refused)
            {
                return Named(refused, kind, name);
            }

            var made = await services.Store
                .CreateAsync(admitted.Value.Resource, new WriteOptions(write.Parameters.DryRun), cancellation)
                .ConfigureAwait(false);
            if (made.Succeeded)
            {
                return await FurnishedAsync(made.Value, admitted.Value.Warnings, write.Parameters.DryRun, cancellation).ConfigureAwait(false);
            }

            if (made.Failure!.Kind != FailureKind.AlreadyExists || prefix.Length == 0 || attempt == GeneratedNamesMax)
            {
                return Named(made.Failure.InClientWords(admitted.Value.Resource.Key), kind, name);
            }
        }
    }

    private async Task<Reply> FurnishedAsync(Resource made, IReadOnlyList<string> warnings, bool dryRun, CancellationToken cancellation)
    {
        if (made.Kind == Kinds.Namespace && !dryRun
            && await namespaces.EnsureAccountAsync(made.Name, cancellation).ConfigureAwait(false) is { } failure)
        {
            return failure;
        }

        return new Reply.One(made, 201) { Warnings = warnings };
    }

    private static Reply.Refused Named(Failure failure, ResourceKind kind, string name) => new(failure, kind, name);
}
