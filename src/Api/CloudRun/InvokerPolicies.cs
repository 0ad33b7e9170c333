using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Access;
using Slipway.Api.Admission;
using Slipway.Api.Content;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Api.Writes;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Store;

namespace Slipway.Api.CloudRun;

/// <summary>
/// Who may invoke a service, as gcloud reads and writes it. The policy is kept on the Service itself, in an annotation
/// that whoever guards the service can follow by watch.
/// </summary>
internal sealed class InvokerPolicies(IResourceStore store, AccessRules rules, ObjectWriter writer, int bodyBytesMax)
{
    /// <summary>The policy as JSON text. A binding of <c>allUsers</c> to <c>roles/run.invoker</c> opens the service to everybody.</summary>
    public const string Annotation = ServingNames.InvokerPolicy;

    public async Task<Reply?> AnswerAsync(HttpContext http, Caller caller, string project, string called)
    {
        if (called.Split(':') is not [var name, "getIamPolicy" or "setIamPolicy" or "testIamPermissions"])
        {
            return null;
        }

        var action = called[(name.Length + 1)..];
        var key = new ResourceKey(Kinds.Service, project, name);
        var verb = action == "setIamPolicy" ? "update" : "get";
        if (rules.Refusal(caller, new Attempt(verb, key.Kind.Group, key.Kind.Plural, "", project, name)) is { } forbidden)
        {
            return forbidden;
        }

        if (store.Get(key) is not { } service)
        {
            return new Reply.Refused(Failures.NotFound(key.Kind, name), key.Kind, name);
        }

        if (action == "getIamPolicy")
        {
            return new Reply.Document(PolicyOf(service));
        }

        var body = await RequestBody.ReadAsync(http.Request, bodyBytesMax, http.RequestAborted).ConfigureAwait(false);
        var manifest = body.Failure is { } tooLarge ? tooLarge : Manifest.FromJson(body.Value);
        if (manifest.Failure is { } unreadable)
        {
            return unreadable;
        }

        return action == "testIamPermissions"
            ? Granted(caller, key, manifest.Value.Tree)
            : await SetAsync(http, caller, key, manifest.Value.Tree).ConfigureAwait(false);
    }

    private async Task<Reply> SetAsync(HttpContext http, Caller caller, ResourceKey key, JsonObject body)
    {
        if (body["policy"] is not JsonObject policy || policy["bindings"] is not (null or JsonArray))
        {
            return Failures.BadRequest("policy: expected an object with a list of bindings");
        }

        // The alphabet of base64 is the sender's choice.
        var etag = Identity.Text(policy, "etag").Replace('-', '+').Replace('_', '/');
        var kept = new JsonObject { ["version"] = 1, ["bindings"] = policy["bindings"]?.DeepClone() ?? new JsonArray() };
        var parameters = new WriteParameters(false, FieldValidation.Ignore, "gcloud", false);
        var write = new WriteContext(new ResourcePath(key.Kind, key.Namespace, key.Name, ""), caller, parameters, "gcloud");
        var written = await writer.ChangeAsync(
            write,
            current =>
            {
                if (etag.Length > 0 && etag != Identity.Text(PolicyOf(current), "etag"))
                {
                    return Failures.Conflict(key, "the policy has been changed meanwhile; read it again");
                }

                var next = current.ToJson();
                var annotations = next["metadata"]!["annotations"] as JsonObject ?? [];
                annotations[Annotation] = kept.ToJsonString();
                next["metadata"]!["annotations"] = annotations.Parent is null ? annotations : annotations.DeepClone();
                return new NextObject(next);
            },
            http.RequestAborted).ConfigureAwait(false);
        return written is Reply.One { Resource: var service } ? new Reply.Document(PolicyOf(service)) : written;
    }

    private Reply.Document Granted(Caller caller, ResourceKey key, JsonObject body)
    {
        var asked = body["permissions"] as JsonArray ?? [];
        var mayWrite = rules.Allows(caller, new Attempt("update", key.Kind.Group, key.Kind.Plural, "", key.Namespace, key.Name));
        var granted = asked.Select(permission => permission?.ToString() ?? "").Where(permission => mayWrite
            || permission.EndsWith(".get", StringComparison.Ordinal)
            || permission.EndsWith(".list", StringComparison.Ordinal)
            || permission.EndsWith(".getIamPolicy", StringComparison.Ordinal));
        return new(new JsonObject { ["permissions"] = new JsonArray([.. granted.Select(permission => JsonValue.Create(permission))]) });
    }

    private static JsonObject PolicyOf(Resource service)
    {
        var text = service.Metadata.Annotation(Annotation) ?? "{\"version\":1}";
        var policy = (JsonObject)JsonNode.Parse(text)!;
        policy["etag"] = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 9));
        return policy;
    }
}
