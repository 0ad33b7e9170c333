using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Access;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Api.CloudRun;

/// <summary>
/// The paths gcloud asks beside the serving API: projects, locations, policies and logs. A project is a namespace, and
/// there is one location.
/// </summary>
internal sealed class CloudRunApi(ApiServices services, AccessRules rules, InvokerPolicies policies, LogEntries logs) : IApiExtension
{
    private const string AnyLocation = "-";

    public async Task<Reply?> TryAnswerAsync(HttpContext http, Caller caller, string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var reads = HttpMethods.IsGet(http.Request.Method);
        return segments switch
        {
            ["v1", "projects", var project] when reads => MayRead(caller, project) ?? (Reply)Project(project),
            ["v1", "projects", var project, "locations"] when reads => MayRead(caller, project) ?? (Reply)Locations(project),
            ["v1", "projects", var project, "locations", var location, "services"] when reads => MayRead(caller, project) ?? (Reply)Services(project, location),
            ["v1", "projects", var project, "locations", _, "services", var called] => await policies.AnswerAsync(http, caller, project, called).ConfigureAwait(false),
            ["v2", "entries:list"] when HttpMethods.IsPost(http.Request.Method) => await logs.AnswerAsync(http, caller).ConfigureAwait(false),
            ["apis", "domains.cloudrun.com", var version, "namespaces", var project, "domainmappings"] when reads =>
                MayRead(caller, project) ?? (Reply)EmptyList("DomainMappingList", $"domains.cloudrun.com/{version}"),
            _ => null,
        };
    }

    private Reply.Refused? MayRead(Caller caller, string project) =>
        rules.Refusal(caller, new Attempt("list", Kinds.ServingGroup, Kinds.Service.Plural, "", project, "")) is { } refusal
            ? new Reply.Refused(refusal, null, "")
            : null;

    private static Reply.Document Project(string project) => new(new JsonObject
    {
        ["projectId"] = project,
        ["projectNumber"] = NumberOf(project),
        ["name"] = project,
        ["lifecycleState"] = "ACTIVE",
    });

    private Reply.Document Locations(string project) => new(new JsonObject
    {
        ["locations"] = new JsonArray(new JsonObject
        {
            ["name"] = $"projects/{project}/locations/{services.Options.Region}",
            ["locationId"] = services.Options.Region,
            ["displayName"] = services.Options.Region,
        }),
    });

    private Reply.Document Services(string project, string location)
    {
        var list = services.Store.List(Kinds.Service, project);
        var dialect = new CloudRunDialect(services.Options.Region);
        var here = location == AnyLocation || location == services.Options.Region;
        return new(new JsonObject
        {
            ["apiVersion"] = Kinds.Service.ApiVersion,
            ["kind"] = "ServiceList",
            ["metadata"] = new JsonObject { ["resourceVersion"] = list.Version.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            ["items"] = new JsonArray([.. (here ? list.Items : []).Select(service => dialect.Show(service).ToJson())]),
            ["unreachable"] = new JsonArray(),
        });
    }

    private static Reply.Document EmptyList(string kind, string apiVersion) => new(new JsonObject
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray(),
    });

    /// <summary>Clients print the number and parse it, nothing more; it only has to stay the same.</summary>
    private static string NumberOf(string project)
    {
        var number = 0UL;
        foreach (var character in project)
        {
            number = (number * 31) + character;
        }

        return (100_000_000_000 + (number % 900_000_000_000)).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
