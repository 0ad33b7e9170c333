using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Access;
using Slipway.Api.Admission;
using Slipway.Api.Content;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Model.Failures;

namespace Slipway.Api.Reviews;

/// <summary>"Who am I?" and "may I?": every caller may ask about themselves.</summary>
internal sealed class SelfReviews(AccessRules rules, int bodyBytesMax) : IApiExtension
{
    private const string WhoAmI = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    private const string Permission = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    private const string Rules = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";

    public async Task<Reply?> TryAnswerAsync(HttpContext http, Caller caller, string path)
    {
        if (path is not (WhoAmI or Permission or Rules))
        {
            return null;
        }

        if (!HttpMethods.IsPost(http.Request.Method))
        {
            return Failures.MethodNotAllowed();
        }

        var body = await RequestBody.ReadAsync(http.Request, bodyBytesMax, http.RequestAborted).ConfigureAwait(false);
        var manifest = body.Failure is { } tooLarge ? tooLarge : ManifestReader.Decode(RequestBody.MediaType(http.Request), body.Value);
        if (manifest.Failure is { } unreadable)
        {
            return unreadable;
        }

        var review = manifest.Value.Tree;
        review["metadata"] ??= new JsonObject();
        review["status"] = path switch
        {
            WhoAmI => new JsonObject
            {
                ["userInfo"] = new JsonObject
                {
                    ["username"] = caller.User,
                    ["uid"] = caller.Uid,
                    ["groups"] = Texts(caller.Groups),
                    ["extra"] = new JsonObject(),
                },
            },
            Permission => PermissionOf(caller, review),
            _ => RulesOf(caller, Identity.Text(review["spec"] as JsonObject ?? [], "namespace")),
        };
        return new Reply.Document(review, 201);
    }

    private JsonObject PermissionOf(Caller caller, JsonObject review)
    {
        var attributes = review["spec"]?["resourceAttributes"] as JsonObject ?? [];
        var allowed = rules.Allows(caller, new Attempt(
            Identity.Text(attributes, "verb"),
            Identity.Text(attributes, "group"),
            Identity.Text(attributes, "resource"),
            Identity.Text(attributes, "subresource"),
            Identity.Text(attributes, "namespace"),
            Identity.Text(attributes, "name")));
        return new JsonObject
        {
            ["allowed"] = allowed,
            ["reason"] = allowed ? "granted by the access settings of this server" : "no grant covers it",
        };
    }

    private JsonObject RulesOf(Caller caller, string @namespace)
    {
        var writes = rules.Allows(caller, new Attempt("create", "", "pods", "", @namespace, ""));
        var reads = rules.Allows(caller, new Attempt("list", "", "pods", "", @namespace, ""));
        var resourceRules = new JsonArray();
        if (reads || writes)
        {
            resourceRules.Add(new JsonObject
            {
                ["verbs"] = Texts(writes ? ["*"] : ["get", "list", "watch"]),
                ["apiGroups"] = Texts(["*"]),
                ["resources"] = Texts(["*"]),
            });
        }

        return new JsonObject { ["resourceRules"] = resourceRules, ["nonResourceRules"] = new JsonArray(), ["incomplete"] = true };
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
