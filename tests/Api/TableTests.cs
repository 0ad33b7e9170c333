using System.Text;
using System.Text.Json.Nodes;
using Slipway.Api.Content.Tables;
using Slipway.Api.Tests.Hosting;
using Slipway.Model.Resources;

namespace Slipway.Api.Tests;

public sealed class TableTests
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private static Resource Of(ResourceKind kind, string name, string body, params (string Key, string Value)[] labels) => new(
        kind,
        new ObjectMeta
        {
            Name = name,
            Namespace = kind.Namespaced ? "default" : null,
            Labels = labels.Length == 0 ? null : labels.ToDictionary(label => label.Key, label => label.Value),
        },
        Encoding.UTF8.GetBytes(body));

    public static TheoryData<string, string, string, string> Rows => new()
    {
        {
            "serving.knative.dev/v1/services",
            """{"status":{"url":"http://x","latestCreatedRevisionName":"x-2","latestReadyRevisionName":"x-1","conditions":[{"type":"Ready","status":"False","reason":"Bad"}]}}""",
            "Name,URL,LatestCreated,LatestReady,Ready,Reason,Age",
            "x,http://x,x-2,x-1,False,Bad"
        },
        {
            "serving.knative.dev/v1/revisions",
            """{"status":{"actualReplicas":1,"desiredReplicas":2,"conditions":[{"type":"Ready","status":"True"}]}}""",
            "Name,Config Name,Generation,Ready,Reason,Actual Replicas,Desired Replicas,Age",
            "x,shop,3,True,,1,2"
        },
        { "serving.knative.dev/v1/routes", """{"status":{"url":"http://x"}}""", "Name,URL,Ready,Reason,Age", "x,http://x,," },
        { "v1/secrets", """{"type":"Opaque","data":{"a":"","b":""}}""", "Name,Type,Data,Age", "x,Opaque,2" },
        { "v1/serviceaccounts", "{}", "Name,Age", "x" },
        {
            "v1/pods",
            """{"spec":{"containers":[{"name":"a"},{"name":"b"}]},"status":{"phase":"Running","containerStatuses":[{"ready":true,"restartCount":2},{"ready":false,"restartCount":1,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}}""",
            "Name,Ready,Status,Restarts,IP,Node,Age",
            "x,1/2,CrashLoopBackOff,3,<none>,<none>"
        },
        {
            "v1/services",
            """{"spec":{"type":"LoadBalancer","ports":[{"port":80,"nodePort":8080}]},"status":{"loadBalancer":{"ingress":[{"ip":"127.0.0.1"}]}}}""",
            "Name,Type,Cluster-IP,External-IP,Port(s),Age",
            "x,LoadBalancer,<none>,127.0.0.1,80:8080/TCP"
        },
        {
            "batch/v1/jobs",
            """{"spec":{"completions":3},"status":{"succeeded":3,"startTime":"2026-01-01T00:00:00Z","completionTime":"2026-01-01T00:01:05Z","conditions":[{"type":"Complete","status":"True"}]}}""",
            "Name,Status,Completions,Duration,Age",
            "x,Complete,3/3,65s"
        },
        { "batch/v1/cronjobs", """{"spec":{"schedule":"* * * * *","suspend":true}}""", "Name,Schedule,Timezone,Suspend,Active,Last Schedule,Age", "x,* * * * *,<none>,True,0,<none>" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Each_kind_has_its_columns(string kind, string body, string columns, string cells)
    {
        await using var api = await ApiHost.StartAsync();
        var found = Kinds.All.Single(one => $"{one.ApiVersion}/{one.Plural}" == kind);
        await api.StoreAsync(Of(found, "x", body, ("serving.knative.dev/configuration", "shop"), ("serving.knative.dev/configurationGeneration", "3")));
        var root = found.Group.Length == 0 ? "/api/v1" : $"/apis/{found.ApiVersion}";
        var table = (await api.GetAsync($"{root}/namespaces/default/{found.Plural}?fieldSelector=metadata.name%3Dx", Table)).Json;
        Assert.Equal("Table", table["kind"]!.ToString());
        Assert.Equal(columns, string.Join(',', table["columnDefinitions"]!.AsArray().Select(column => column!["name"])));
        var row = table["rows"]!.AsArray().Single()!;
        Assert.Equal(cells, string.Join(',', row["cells"]!.AsArray().SkipLast(1).Select(cell => cell?.ToString())));
        Assert.Equal("PartialObjectMetadata", row["object"]!["kind"]!.ToString());
    }

    [Theory]
    [InlineData("Object", "ConfigMap")]
    [InlineData("Metadata", "PartialObjectMetadata")]
    [InlineData("None", null)]
    public async Task A_row_includes_as_much_of_its_object_as_asked(string include, string? kind)
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("one"));
        var row = (await api.GetAsync($"{Manifests.ConfigMaps}/one?includeObject={include}", Table)).Json["rows"]![0]!;
        Assert.Equal(kind, (row["object"] as JsonObject)?["kind"]?.ToString());
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(-5, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(125, "2m5s")]
    [InlineData(600, "10m")]
    [InlineData(3600 * 2, "120m")]
    [InlineData(3600 * 3, "3h")]
    [InlineData((3600 * 3) + 300, "3h5m")]
    [InlineData(3600 * 30, "30h")]
    [InlineData(86400 * 3, "3d")]
    [InlineData((86400 * 3) + 7200, "3d2h")]
    [InlineData(86400 * 100, "100d")]
    [InlineData(86400 * 800, "2y70d")]
    public void Durations_are_said_shortly(long seconds, string expected) =>
        Assert.Equal(expected, HumanDuration.Text(TimeSpan.FromSeconds(seconds)));
}
