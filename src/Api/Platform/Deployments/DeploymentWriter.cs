using System.Text.Json.Nodes;
using Slipway.Api.Admission;
using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Api.Writes;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Api.Platform.Deployments;

/// <summary>
/// Writes Services and Revisions through the same gate as the resource API, so that a deployment is defaulted, validated
/// and owned alike whichever way it came.
/// </summary>
internal sealed class DeploymentWriter(ApiServices services)
{
    /// <summary>Under which name the fields written here are remembered.</summary>
    private const string Manager = "slipway-platform";

    private readonly AdmissionGate _gate = new(services.Time);
    private readonly NamespaceRules _namespaces = new(services.Store);

    public async Task<(Resource? Resource, Problem? Problem)> CreateAsync(PlatformRequest request, DeploymentForm form, string @namespace)
    {
        if (_namespaces.Refusal(Kinds.Service, @namespace) is { } nowhere)
        {
            return (null, Problem.Of(nowhere));
        }

        var admitted = _gate.Create(Context(request, Kinds.Service, @namespace, form.Name!), DeploymentManifest.New(form, @namespace), []);
        if (admitted.Failure is { } refused)
        {
            return (null, Problem.Of(refused, DeploymentManifest.PointerOf));
        }

        var made = await services.Store.CreateAsync(admitted.Value.Resource, WriteOptions.Default, request.Cancellation);
        return made.Failure is { } failure
            ? (null, Problem.Of(failure.InClientWords(admitted.Value.Resource.Key), DeploymentManifest.PointerOf))
            : (made.Value, null);
    }

    /// <param name="change">Gets the whole present manifest and returns the next one.</param>
    public async Task<(Resource? Resource, Problem? Problem)> ChangeAsync(PlatformRequest request, ResourceKey key, Func<JsonObject, JsonObject> change)
    {
        var reply = await new ObjectWriter(services.Store, _gate).ChangeAsync(
            Context(request, key.Kind, key.Namespace, key.Name),
            current => new NextObject(Unversioned(change(current.ToJson()))),
            request.Cancellation);
        return reply switch
        {
            Reply.One written => (written.Resource, null),
            Reply.Refused refused => (null, Problem.Of(refused.Failure, DeploymentManifest.PointerOf)),
            _ => throw new InvalidOperationException($"A write answered with {reply.GetType().Name}."),
        };
    }

    /// <summary>Sets an annotation, or removes it when the value is null.</summary>
    public Task<(Resource? Resource, Problem? Problem)> AnnotateAsync(PlatformRequest request, ResourceKey key, string annotation, string? value) =>
        ChangeAsync(request, key, manifest =>
        {
            var metadata = (JsonObject)manifest["metadata"]!;
            if (metadata["annotations"] is not JsonObject annotations)
            {
                annotations = [];
                metadata["annotations"] = annotations;
            }

            if (value is null)
            {
                annotations.Remove(annotation);
            }
            else
            {
                annotations[annotation] = value;
            }

            return manifest;
        });

    private static WriteContext Context(PlatformRequest request, ResourceKind kind, string @namespace, string name) => new(
        new ResourcePath(kind, @namespace, name, ""), request.Caller, new WriteParameters(false, FieldValidation.Strict, Manager, false), Manager);

    /// <summary>The change was made to whatever is current, so somebody who was faster is no reason to refuse it.</summary>
    private static JsonObject Unversioned(JsonObject manifest)
    {
        ((JsonObject)manifest["metadata"]!).Remove("resourceVersion");
        return manifest;
    }
}
