using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Access;
using Slipway.Api.Admission;
using Slipway.Api.Content;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Runtime.Logs;

namespace Slipway.Api.CloudRun;

/// <summary><c>entries:list</c>: lines of instances as log entries, for <c>gcloud run services logs read</c>.</summary>
internal sealed class LogEntries(ApiServices services, AccessRules rules)
{
    private const int PageSizeDefault = 50;
    private const int PageSizeMax = 1000;
    private const int ProjectsMax = 16;

    /// <summary>Older lines of one instance are not searched; <c>kubectl logs</c> reads all of them.</summary>
    private const int LinesPerInstanceMax = 10_000;

    private sealed record Entry(DateTimeOffset At, int Order, JsonObject Json);

    public async Task<Reply> AnswerAsync(HttpContext http, Caller caller)
    {
        var body = await RequestBody.ReadAsync(http.Request, services.Options.BodyBytesMax, http.RequestAborted).ConfigureAwait(false);
        var manifest = body.Failure is { } tooLarge ? tooLarge : Manifest.FromJson(body.Value);
        if (manifest.Failure is { } unreadable)
        {
            return unreadable;
        }

        var request = manifest.Value.Tree;
        var filter = LogFilter.Parse(Identity.Text(request, "filter"));
        if (filter.Failure is { } unclear)
        {
            return unclear;
        }

        var projects = (request["resourceNames"] as JsonArray ?? [])
            .Select(name => name?.ToString() ?? "")
            .Where(name => name.StartsWith("projects/", StringComparison.Ordinal))
            .Select(name => name["projects/".Length..])
            .Distinct()
            .ToList();
        if (projects.Count is 0 or > ProjectsMax)
        {
            return Failures.BadRequest($"resourceNames: expected 1 to {ProjectsMax} names such as projects/PROJECT");
        }

        foreach (var project in projects)
        {
            if (rules.Refusal(caller, new Attempt("get", "", Kinds.Pod.Plural, "log", project, "")) is { } forbidden)
            {
                return forbidden;
            }
        }

        var offset = int.TryParse(Identity.Text(request, "pageToken"), NumberStyles.None, CultureInfo.InvariantCulture, out var skipped) ? skipped : 0;
        var size = request["pageSize"] is JsonValue given && int.TryParse(given.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) && wanted > 0
            ? Math.Min(wanted, PageSizeMax)
            : PageSizeDefault;
        var found = await FindAsync(projects, filter.Value, http.RequestAborted).ConfigureAwait(false);
        var ordered = Identity.Text(request, "orderBy").Contains("desc", StringComparison.OrdinalIgnoreCase)
            ? found.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Order)
            : found.OrderBy(entry => entry.At).ThenBy(entry => entry.Order);
        var answer = new JsonObject { ["entries"] = new JsonArray([.. ordered.Skip(offset).Take(size).Select(entry => entry.Json)]) };
        if (found.Count > offset + size)
        {
            answer["nextPageToken"] = (offset + size).ToString(CultureInfo.InvariantCulture);
        }

        return new Reply.Document(answer);
    }

    private async Task<List<Entry>> FindAsync(List<string> projects, LogFilter filter, CancellationToken cancellation)
    {
        var found = new List<Entry>();
        foreach (var pod in projects.SelectMany(project => services.Store.List(Kinds.Pod, project).Items).Where(pod => Concerns(filter, pod)))
        {
            if (!services.Logs.Exists(pod.Name))
            {
                continue;
            }

            var order = 0;
            await foreach (var line in services.Logs
                .ReadAsync(pod.Name, new LogQuery(Tail: LinesPerInstanceMax, Since: filter.From), cancellation)
                .ConfigureAwait(false))
            {
                if ((filter.To is null || line.At <= filter.To) && Make(pod, line, order++, filter) is { } entry)
                {
                    found.Add(entry);
                }
            }
        }

        return found;
    }

    private bool Concerns(LogFilter filter, Resource pod)
    {
        var job = pod.Metadata.Label("batch.kubernetes.io/job-name") ?? pod.Metadata.Label("job-name");
        var type = job is null ? "cloud_run_revision" : "cloud_run_job";
        return (filter.ResourceType is null || filter.ResourceType == type)
            && (filter.Service is null || filter.Service == pod.Metadata.Label(ServingNames.Service))
            && (filter.Revision is null || filter.Revision == pod.Metadata.Label(ServingNames.Revision))
            && (filter.Job is null || filter.Job == job)
            && (filter.Location is null || filter.Location == services.Options.Region);
    }

    private Entry? Make(Resource pod, LogLine line, int order, LogFilter filter)
    {
        var json = AsObject(line.Text);
        var severity = json is not null && Identity.Text(json, "severity") is { Length: > 0 } said ? said.ToUpperInvariant()
            : line.Stream == LogStream.Error ? "ERROR"
            : "DEFAULT";
        if (LogFilter.SeverityOf(severity) < filter.SeverityMin
            || (filter.Text is not null && !line.Text.Contains(filter.Text, StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var job = pod.Metadata.Label("batch.kubernetes.io/job-name") ?? pod.Metadata.Label("job-name");
        var labels = new JsonObject { ["project_id"] = pod.Namespace, ["location"] = services.Options.Region };
        if (job is not null)
        {
            labels["job_name"] = job;
        }
        else
        {
            labels["service_name"] = pod.Metadata.Label(ServingNames.Service);
            labels["revision_name"] = pod.Metadata.Label(ServingNames.Revision);
            labels["configuration_name"] = pod.Metadata.Label(ServingNames.Configuration);
        }

        var entry = new JsonObject
        {
            ["logName"] = $"projects/{pod.Namespace}/logs/run.googleapis.com%2F{(line.Stream == LogStream.Error ? "stderr" : "stdout")}",
            ["insertId"] = $"{pod.Name}-{line.At.UtcTicks:x}-{order}",
            ["timestamp"] = line.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            ["severity"] = severity,
            ["labels"] = new JsonObject { ["instanceId"] = pod.Name },
            ["resource"] = new JsonObject { ["type"] = job is null ? "cloud_run_revision" : "cloud_run_job", ["labels"] = labels },
        };
        if (json is not null)
        {
            entry["jsonPayload"] = json;
        }
        else
        {
            entry["textPayload"] = line.Text;
        }

        return new Entry(line.At, order, entry);
    }

    private static JsonObject? AsObject(string line)
    {
        if (line.Length < 2 || line[0] != '{' || line[^1] != '}')
        {
            return null;
        }

        try
        {
            return Manifest.Parse(System.Text.Encoding.UTF8.GetBytes(line)) as JsonObject;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
