using System.Net;
using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Harness;

namespace Slipway.EndToEnd.Tests.Scenes;

/// <summary>kill -9 of everything, again and again, while people use it. Each scene has a cloud of its own.</summary>
public sealed class CrashScenes
{
    private const int Times = 10;

    [Fact]
    public async Task Killing_the_server_keeps_instances_and_every_acknowledged_write()
    {
        await using var cloud = await Cloud.StartAsync();
        (await cloud.DeployHelloAsync("steady", "--min", "1")).Succeeded();
        var instance = await InstanceProcessAsync(cloud, "steady");
        var acknowledged = new List<string>();
        for (var round = 0; round < Times; round++)
        {
            var name = $"written-{round}";
            (await cloud.ApplyAsync($"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n")).Succeeded();
            acknowledged.Add(name);
            var killed = cloud.ServerProcessId;
            ProcessTable.Kill(killed);

            await Eventually.TrueAsync(async () => await AnswersAsync(cloud, "steady"), "the gateway serves again");
            await Eventually.TrueAsync(() => cloud.ServerProcessId != killed && (string?)cloud.Status()["phase"] == "ready", "a new server is ready");
        }

        Assert.Equal(instance, await InstanceProcessAsync(cloud, "steady"));
        foreach (var name in acknowledged)
        {
            Assert.NotNull(await cloud.FindAsync("configmap", name));
        }

        await NothingIsLeftAsync(cloud);
    }

    [Fact]
    public async Task Killing_the_database_under_load_fails_no_request_and_loses_no_acknowledged_write()
    {
        await using var cloud = await Cloud.StartAsync();
        (await cloud.DeployHelloAsync("steady", "--min", "1")).Succeeded();
        var acknowledged = new List<string>();
        await using (var load = new ConstantLoad(cloud.Http, cloud.UrlOf("steady"), perSecond: 40))
        {
            for (var round = 0; round < Times; round++)
            {
                ProcessTable.Kill(DatabaseProcess(cloud));
                var name = $"written-{round}";
                // A write may be refused while the database is away; one that is acknowledged has to stay.
                await Eventually.TrueAsync(
                    async () => (await cloud.ApplyAsync($"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n")).ExitCode == 0, "a write is acknowledged again");
                acknowledged.Add(name);
            }

            await load.StopAsync();
            Assert.Empty(load.Failures);
            Assert.True(load.Succeeded > 0);
        }

        ProcessTable.Kill(cloud.ServerProcessId);
        await Eventually.TrueAsync(async () => (await cloud.SlipwayAsync("get", "configmaps")).ExitCode == 0, "the API answers again");
        foreach (var name in acknowledged)
        {
            Assert.NotNull(await cloud.FindAsync("configmap", name));
        }

        await NothingIsLeftAsync(cloud);
    }

    [Fact]
    public async Task Ten_killed_instances_under_load_are_replaced_and_only_what_they_were_answering_fails()
    {
        await using var cloud = await Cloud.StartAsync();
        // Several services, because an instance that goes on crashing is started again after growing waits, by design.
        string[] services = ["killed-a", "killed-b", "killed-c", "killed-d", "killed-e"];
        foreach (var service in services)
        {
            (await cloud.DeployHelloAsync(service, "--min", "1")).Succeeded();
        }

        var load = services.Select(service => new ConstantLoad(cloud.Http, cloud.UrlOf(service), perSecond: 10)).ToList();
        for (var round = 0; round < Times / services.Length; round++)
        {
            foreach (var service in services)
            {
                var killed = await InstanceProcessAsync(cloud, service);
                ProcessTable.Kill(killed);

                await Eventually.TrueAsync(async () => await FindInstanceProcessAsync(cloud, service) is { } now && now != killed, "another instance runs");
                await Eventually.TrueAsync(async () => await AnswersAsync(cloud, service), "the service answers again");
            }
        }

        foreach (var one in load)
        {
            await one.DisposeAsync();
            Assert.True(one.Succeeded > 0);
            Assert.All(one.Failures, failure => Assert.StartsWith("502 ", failure, StringComparison.Ordinal));
            Assert.True(one.Failures.Count <= 2 * (Times / services.Length), string.Join('\n', one.Failures));
        }

        await NothingIsLeftAsync(cloud);
    }

    [Fact]
    public async Task Ten_deployments_under_load_fail_no_request()
    {
        await using var cloud = await Cloud.StartAsync();
        (await cloud.DeployHelloAsync("moving")).Succeeded();
        await using var load = new ConstantLoad(cloud.Http, cloud.UrlOf("moving"), perSecond: 100);
        for (var round = 0; round < Times; round++)
        {
            (await cloud.DeployHelloAsync("moving", "-e", $"ROUND={round}")).Succeeded();
            // The first request after "ready" has to be answered by the new revision.
            Assert.Contains($"moving-{round + 2:00000}", await cloud.GetTextAsync("moving"), StringComparison.Ordinal);
        }

        await load.StopAsync();
        Assert.Empty(load.Failures);
        Assert.True(load.Succeeded > 100, $"{load.Succeeded} requests were answered");
    }

    [Fact]
    public async Task Stopping_everything_leaves_nothing_and_starting_again_brings_everything_back()
    {
        await using var cloud = await Cloud.StartAsync();
        (await cloud.DeployHelloAsync("back")).Succeeded();

        (await cloud.SlipwayAsync("down")).Succeeded();
        Assert.Empty(cloud.Processes());
        Assert.True(Ports.IsFree(cloud.GatewayPort) && Ports.IsFree(cloud.ApiPort));

        await cloud.UpAsync();
        Assert.Contains("back-00001", await cloud.GetTextAsync("back"), StringComparison.Ordinal);
    }

    private static async Task NothingIsLeftAsync(Cloud cloud)
    {
        (await cloud.SlipwayAsync("down")).Succeeded();
        await Eventually.TrueAsync(() => cloud.Processes().Count == 0, "no process is left");
    }

    private static async Task<bool> AnswersAsync(Cloud cloud, string service)
    {
        try
        {
            using var response = await cloud.Http.GetAsync(cloud.UrlOf(service));
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int DatabaseProcess(Cloud cloud)
    {
        var file = Directory.EnumerateFiles(Path.Combine(cloud.Home, "postgres"), "postmaster.pid", SearchOption.AllDirectories).FirstOrDefault();
        return file is null ? 0 : int.Parse(File.ReadLines(file).First(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<int> InstanceProcessAsync(Cloud cloud, string service)
    {
        await Eventually.TrueAsync(async () => await FindInstanceProcessAsync(cloud, service) is not null, "an instance runs");
        return (await FindInstanceProcessAsync(cloud, service))!.Value;
    }

    private static async Task<int?> FindInstanceProcessAsync(Cloud cloud, string service)
    {
        var containers = await cloud.ContainersAsync(service);
        return containers.Select(container => (JsonNode?)container["processId"]).FirstOrDefault(id => id is not null) is { } found
            && (int)found is var processId and > 0 && ProcessTable.IsAlive(processId) ? processId : null;
    }
}
