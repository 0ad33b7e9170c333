using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Access;
using Slipway.Api.Content;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Api.Writes;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Api.CloudRunJobs;

/// <summary>
/// The paths of <c>gcloud run jobs</c>: which of them is meant, may the caller, what does the body say. Everything that
/// is kept, it keeps in kinds the store knows already.
/// </summary>
internal sealed class CloudRunJobsApi : IApiExtension
{
    private readonly ApiServices _services;
    private readonly AccessRules _rules;
    private readonly JobDefinitions _jobs;
    private readonly Executions _executions;

    public CloudRunJobsApi(ApiServices services, AccessRules rules, Admission.AdmissionGate gate, ObjectWriter writer, NamespaceRules namespaces)
    {
        _services = services;
        _rules = rules;
        var book = new ExecutionBook(services.Store, services.Options.Region);
        _jobs = new JobDefinitions(services, gate, writer, namespaces, book);
        _executions = new Executions(services, gate, writer, _jobs, book);
    }

    public async Task<Reply?> TryAnswerAsync(HttpContext http, Caller caller, string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments switch
        {
            ["apis", JobNames.Group, "v1", "namespaces", var project, "jobs" or "executions" or "tasks"] =>
                await CollectionAsync(http, caller, project, segments[5]).ConfigureAwait(false),
            ["apis", JobNames.Group, "v1", "namespaces", var project, "jobs" or "executions" or "tasks", var called] =>
                await ItemAsync(http, caller, project, segments[5], called).ConfigureAwait(false),
            ["v1", "projects", var project, "locations", var location, "jobs"] when HttpMethods.IsGet(http.Request.Method) =>
                Forbidden(caller, "list", "jobs", project, "") ?? Everywhere(http.Request, project, location),
            _ => null,
        };
    }

    private async Task<Reply> CollectionAsync(HttpContext http, Caller caller, string project, string plural)
    {
        switch (http.Request.Method, plural)
        {
            case ("GET" or "HEAD", _):
                if (Forbidden(caller, "list", plural, project, "") is { } hidden)
                {
                    return hidden;
                }

                if (http.Request.Query["watch"] is var watch && (watch == "true" || watch == "1"))
                {
                    return Failures.BadRequest($"watch: {plural}.{JobNames.Group} cannot be watched; watch the Jobs of the group batch instead");
                }

                return plural switch
                {
                    "jobs" => _jobs.List(http.Request, project),
                    "executions" => _executions.List(http.Request, project),
                    _ => _executions.ListTasks(http.Request, project),
                };
            case ("POST", "jobs"):
                if (Forbidden(caller, "create", plural, project, "") is { } refusal)
                {
                    return refusal;
                }

                var body = await BodyAsync(http).ConfigureAwait(false);
                return body.Failure is { } unreadable
                    ? unreadable
                    : await _jobs.CreateAsync(http, caller, project, body.Value).ConfigureAwait(false);
            default:
                return Failures.MethodNotAllowed();
        }
    }

    private async Task<Reply> ItemAsync(HttpContext http, Caller caller, string project, string plural, string called)
    {
        var colon = called.IndexOf(':', StringComparison.Ordinal);
        var (name, action) = colon < 0 ? (called, "") : (called[..colon], called[(colon + 1)..]);
        var verb = (http.Request.Method, plural, action) switch
        {
            ("GET" or "HEAD", _, "") => "get",
            ("PUT", "jobs", "") => "update",
            ("DELETE", "jobs" or "executions", "") => "delete",
            ("POST", "jobs", "run") => "run",
            ("POST", "executions", "cancel") => "cancel",
            _ => "",
        };
        if (verb.Length == 0)
        {
            return action is "" or "run" or "cancel" ? Failures.MethodNotAllowed() : new Reply.Text("404 page not found", 404);
        }

        if (Forbidden(caller, verb, plural, project, name) is { } refusal)
        {
            return refusal;
        }

        if (verb == "get")
        {
            return plural switch
            {
                "jobs" => _jobs.Get(project, name),
                "executions" => _executions.Get(project, name),
                _ => _executions.GetTask(project, name),
            };
        }

        var body = await BodyAsync(http).ConfigureAwait(false);
        if (body.Failure is { } unreadable)
        {
            return unreadable;
        }

        return (verb, plural) switch
        {
            ("update", _) => await _jobs.ReplaceAsync(http, caller, project, name, body.Value).ConfigureAwait(false),
            ("delete", "jobs") => await _jobs.DeleteAsync(http, project, name, body.Value).ConfigureAwait(false),
            ("delete", _) => await _executions.DeleteAsync(http, project, name).ConfigureAwait(false),
            ("run", _) => await _executions.RunAsync(http, caller, project, name, body.Value).ConfigureAwait(false),
            _ => await _executions.CancelAsync(http, caller, project, name).ConfigureAwait(false),
        };
    }

    /// <summary>There is one location; asking for another finds nothing.</summary>
    private Reply Everywhere(HttpRequest request, string project, string location) =>
        location == "-" || location == _services.Options.Region
            ? _jobs.List(request, project)
            : Pages.Cut(request, JobNames.Job, _services.Store.Version, []);

    private Reply.Refused? Forbidden(Caller caller, string verb, string plural, string project, string name) =>
        _rules.Refusal(caller, new Attempt(verb, JobNames.Group, plural, "", project, name)) is { } refusal
            ? new Reply.Refused(refusal, null, name)
            : null;

    /// <summary>The body as one object; none at all counts as an empty one.</summary>
    private async Task<Outcome<JsonObject>> BodyAsync(HttpContext http)
    {
        var bytes = await RequestBody.ReadAsync(http.Request, _services.Options.BodyBytesMax, http.RequestAborted).ConfigureAwait(false);
        if (bytes.Failure is { } tooLarge)
        {
            return tooLarge;
        }

        if (bytes.Value.Length == 0)
        {
            return new JsonObject();
        }

        var manifest = Manifest.FromJson(bytes.Value);
        return manifest.Failure is { } unreadable ? unreadable : manifest.Value.Tree;
    }
}
