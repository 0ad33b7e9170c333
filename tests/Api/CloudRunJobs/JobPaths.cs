using System.Net;
using System.Text.Json.Nodes;
using Slipway.Api.Tests.Hosting;
using Slipway.Model.Resources;

namespace Slipway.Api.Tests.CloudRunJobs;

/// <summary>The paths of the Jobs dialect, and what stands behind them in the store.</summary>
internal static class JobPaths
{
    public const string Project = "my-project";
    public const string Namespace = "/apis/run.googleapis.com/v1/namespaces/" + Project;
    public const string Jobs = Namespace + "/jobs";
    public const string Executions = Namespace + "/executions";
    public const string Tasks = Namespace + "/tasks";

    public static string Manifest(string name, string execution = "", string task = "", string container = "", string metadata = "") =>
        $$$$$$$$"""
        {"apiVersion":"run.googleapis.com/v1","kind":"Job","metadata":{"name":"{{{{{{{{name}}}}}}}}"{{{{{{{{metadata}}}}}}}}},
         "spec":{"template":{"spec":{{{{{{{{{execution}}}}}}}}"template":{"spec":{{{{{{{{{task}}}}}}}}"containers":[{"image":"example.test/job:1"{{{{{{{{container}}}}}}}}}]}}}}}}
        """;

    public static async Task<ApiHost> WithJobAsync(string execution = "", string task = "", string container = "")
    {
        var api = await ApiHost.StartAsync();
        (await api.PostAsync($"{Jobs}?alt=json", Manifest("greet", execution, task, container))).Expect(HttpStatusCode.OK);
        return api;
    }

    public static async Task<Answer> RunAsync(this ApiHost api, string body = "{}") =>
        (await api.PostAsync($"{Jobs}/greet:run?alt=json", body)).Expect(HttpStatusCode.OK);

    public static string Name(this Answer answer) => answer.At("metadata", "name")!;

    public static ResourceKey Batch(string execution) => new(Kinds.Job, Project, execution);

    /// <summary>A condition of an answer as <c>status reason</c>.</summary>
    public static string Condition(this Answer answer, string type)
    {
        var found = answer.Json["status"]!["conditions"]!.AsArray().Single(condition => (string)condition!["type"]! == type)!;
        return $"{found["status"]} {found["reason"]}".Trim();
    }

    /// <summary>What the pod reconciler writes about one try at one task.</summary>
    public static Task<Resource> TryAsync(this ApiHost api, string execution, int index, int attempt, string phase, int exitCode = 0)
    {
        var state = phase switch
        {
            "Pending" => """{"waiting":{"reason":"ContainerCreating"}}""",
            "Running" => """{"running":{"startedAt":"2026-01-01T00:00:01Z"}}""",
            _ => $$$"""{"terminated":{"exitCode":{{{exitCode}}},"reason":"Error","startedAt":"2026-01-01T00:00:01Z","finishedAt":"2026-01-01T00:00:05Z"}}""",
        };
        var body = $$$"""{"status":{"phase":"{{{phase}}}","startTime":"2026-01-01T00:00:01Z","containerStatuses":[{"name":"job","state":{{{state}}}}]}}""";
        var job = api.Store.Get(Batch(execution))!;
        return api.StoreAsync(new Resource(
            Kinds.Pod,
            new ObjectMeta
            {
                Name = $"{execution}-{index}-{attempt}",
                Namespace = Project,
                Labels = new() { ["batch.kubernetes.io/job-completion-index"] = $"{index}", ["slipway.dev/task-attempt"] = $"{attempt}" },
                OwnerReferences = [new OwnerReference { ApiVersion = "batch/v1", Kind = "Job", Name = execution, Uid = job.Uid, Controller = true }],
            },
            System.Text.Encoding.UTF8.GetBytes(body)));
    }

    public static JsonObject SpecOf(ApiHost api, string execution) => (JsonObject)api.Store.Get(Batch(execution))!.ToJson()["spec"]!;
}
