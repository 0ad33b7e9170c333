using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.Admission;
using Slipway.Api.Content;
using Slipway.Api.Patching.Apply;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Api.Writes;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Schema;

namespace Slipway.Api.Patching;

/// <summary>PATCH in its four languages. Each is a function from the current object to the next; writing is the same for all.</summary>
internal sealed class PatchVerb(ManifestReader reader, ObjectWriter writer, ApplyVerb apply)
{
    private const string Json = "application/json-patch+json";
    private const string Merge = "application/merge-patch+json";
    private const string Strategic = "application/strategic-merge-patch+json";
    private const string Apply = "application/apply-patch+yaml";

    public async Task<Reply> AnswerAsync(ApiRequest request)
    {
        var parameters = WriteParameters.Read(request.Http.Request);
        if (parameters.Failure is { } wrong)
        {
            return wrong;
        }

        var strategic = request.Kind.Group is "" or Kinds.BatchGroup;
        var media = RequestBody.MediaType(request.Http.Request);
        if (media is not (Json or Merge or Apply) && !(media == Strategic && strategic))
        {
            return Failures.UnsupportedMediaType(string.Join(", ", strategic ? [Json, Merge, Strategic, Apply] : new[] { Json, Merge, Apply }));
        }

        var body = await reader.ReadBytesAsync(request).ConfigureAwait(false);
        if (body.Failure is { } tooLarge)
        {
            return tooLarge;
        }

        var write = new WriteContext(request.Path, request.Caller, parameters.Value, parameters.Value.ManagerOf(request.Http.Request));
        if (media == Apply)
        {
            return await apply.AnswerAsync(write, body.Value, request.Cancellation).ConfigureAwait(false);
        }

        if (parameters.Value.Force)
        {
            return Failures.BadRequest("force: may only be set for apply patches");
        }

        var patch = media == Json ? ListPatch(body.Value) : ObjectPatch(body.Value, media == Strategic ? Schemas.For(request.Kind) : null);
        return patch.Failure is { } unreadable
            ? unreadable
            : await writer.ChangeAsync(write, current => Next(current, patch.Value, request.Path), request.Cancellation).ConfigureAwait(false);
    }

    private static Outcome<NextObject> Next(Resource current, Func<JsonObject, JsonObject> patch, ResourcePath path)
    {
        try
        {
            var next = patch(current.ToJson());
            return (Identity.Settle(next, path) ?? Identity.SettleName(next, path)) is { } misplaced
                ? misplaced
                : new NextObject(next);
        }
        catch (PatchException failed)
        {
            return new Failure(FailureKind.Invalid, "patch-failed", $"the patch cannot be applied: {failed.Message}");
        }
    }

    private static Outcome<Func<JsonObject, JsonObject>> ListPatch(byte[] body)
    {
        try
        {
            if (Manifest.Parse(body) is JsonArray operations)
            {
                return new Func<JsonObject, JsonObject>(target =>
                {
                    JsonPatch.Apply(target, operations);
                    return target;
                });
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return Failures.BadRequest($"the patch is not valid JSON: {broken.Message}");
        }

        return Failures.BadRequest("a JSON patch must be a list of operations");
    }

    private static Outcome<Func<JsonObject, JsonObject>> ObjectPatch(byte[] body, Shape? shape)
    {
        var manifest = Manifest.FromJson(body);
        if (manifest.Failure is { } unreadable)
        {
            return unreadable;
        }

        var patch = manifest.Value.Tree;
        return shape is null
            ? new Func<JsonObject, JsonObject>(target => MergePatch.Apply(target, patch))
            : new Func<JsonObject, JsonObject>(target => StrategicMerge.Apply(shape, target, patch));
    }
}
