using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Harness;

namespace Slipway.Platform.Bench;

/// <summary>Wake-up, cold start, deployment and a full store, measured from outside over the product's own surfaces.</summary>
internal static class Program
{
    private const string Rest = "rest";
    private const int Wakes = 20;
    private const int ColdStarts = 8;
    private const int Deployments = 10;
    private const int Services = 200;
    private const int Rollouts = 100;
    private const int LoadPerSecond = 200;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    public static async Task<int> Main(string[] chosen)
    {
        await using var cloud = await Cloud.StartAsync(new Dictionary<string, string> { ["SLIPWAY_FREEZE_AFTER_SECONDS"] = "1" });
        (await cloud.DeployHelloAsync("bench")).Succeeded();
        (string Name, Func<Cloud, Task> Measure)[] measurements =
            [("warm", WarmAsync), ("frozen", FrozenAsync), ("deployment", DeploymentAsync), ("cold", ColdStartAsync), ("rollout", RolloutAsync), ("store", FullStoreAsync)];
        foreach (var (name, measure) in measurements)
        {
            if (chosen.Length == 0 || chosen.Contains(name))
            {
                await measure(cloud);
            }
        }

        return 0;
    }

    private static async Task WarmAsync(Cloud cloud)
    {
        var warm = new Sample();
        for (var request = 0; request < 500; request++)
        {
            warm.Add(await TimeAsync(() => cloud.GetTextAsync("bench")));
        }

        Tell("warm request", warm);
    }

    private static async Task FrozenAsync(Cloud cloud)
    {
        var frozen = new Sample();
        for (var wake = 0; wake < Wakes; wake++)
        {
            await UntilAsync(cloud, "bench", containers => containers.Count > 0 && containers.All(container => (string?)container["status"] == "frozen"));
            frozen.Add(await TimeAsync(() => cloud.GetTextAsync("bench")));
        }

        Tell("frozen to last byte", frozen);
    }

    private static async Task DeploymentAsync(Cloud cloud)
    {
        var image = (string)(await cloud.FindAsync("service", "bench"))!["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!;
        var deployment = new Sample();
        for (var round = 0; round < Deployments; round++)
        {
            // Written and watched through curl and the API alone: the command line's own start is not the platform's time.
            var manifest = Manifests.HelloWith(image, "deployed", ("bench.slipway.dev/round", round.ToString(CultureInfo.InvariantCulture)));
            var file = Path.Combine(cloud.Home, "deployed.yaml");
            await File.WriteAllTextAsync(file, manifest);
            var began = Stopwatch.GetTimestamp();
            (await cloud.ApiAsync("/apis/serving.knative.dev/v1/namespaces/default/services/deployed?fieldManager=bench&force=true",
                "-X", "PATCH", "-H", "Content-Type: application/apply-patch+yaml", "--data-binary", $"@{file}")).Succeeded();
            while (!Manifests.IsReady(JsonNode.Parse((await cloud.ApiAsync("/apis/serving.knative.dev/v1/namespaces/default/services/deployed")).Output)))
            {
                await Task.Delay(s_look, TimeProvider.System, CancellationToken.None);
            }

            deployment.Add(Stopwatch.GetElapsedTime(began));
        }

        Tell("deployment to ready", deployment);
    }

    private static async Task ColdStartAsync(Cloud cloud)
    {
        var cold = new Sample();
        var stages = new[] { "queueMs", "spawnMs", "runtimeMs", "probeMs", Rest }.ToDictionary(name => name, _ => new Sample());
        for (var start = 0; start < ColdStarts; start++)
        {
            foreach (var container in await cloud.ContainersAsync("bench"))
            {
                await cloud.ApiAsync($"/api/v1/namespaces/default/pods/{(string)container["id"]!}", "-X", "DELETE");
            }

            await cloud.SlipwayAsync("scale", "bench", "--stop");
            await UntilAsync(cloud, "bench", containers => containers.Count == 0);
            await cloud.SlipwayAsync("scale", "bench", "--start");
            var total = await TimeAsync(() => cloud.GetTextAsync("bench"));
            cold.Add(total);
            await AddStagesAsync(cloud, total, stages);
        }

        Tell("cold start to last byte", cold);
        Tell("  of it: queue", stages["queueMs"]);
        Tell("  of it: spawn", stages["spawnMs"]);
        Tell("  of it: runtime until it listens", stages["runtimeMs"]);
        Tell("  of it: readiness probe", stages["probeMs"]);
        Tell("  of it: forward and answer", stages[Rest]);
    }

    /// <summary>What the platform itself saw of the start that just was; the rest of what the client waited is forwarding and the program's first answer.</summary>
    private static async Task AddStagesAsync(Cloud cloud, TimeSpan total, Dictionary<string, Sample> stages)
    {
        var answer = JsonNode.Parse((await cloud.ApiAsync("/api/services/bench/starts")).Output)!;
        var last = answer["items"]!.AsArray().First(revision => revision!["last"] is not null)!["last"]!;
        foreach (var (name, sample) in stages.Where(stage => stage.Key != Rest))
        {
            sample.Add(TimeSpan.FromMilliseconds((double)last[name]!));
        }

        stages[Rest].Add(total - TimeSpan.FromMilliseconds((double)last["totalMs"]!));
    }

    /// <summary>Deployment after deployment under a steady load, and what became of the requests.</summary>
    private static async Task RolloutAsync(Cloud cloud)
    {
        (await cloud.DeployHelloAsync("moving")).Succeeded();
        var rollout = new Sample();
        await using var load = new ConstantLoad(cloud.Http, cloud.UrlOf("moving"), LoadPerSecond);
        for (var round = 0; round < Rollouts; round++)
        {
            rollout.Add(await TimeAsync(async () => (await cloud.DeployHelloAsync("moving", "-e", $"ROUND={round}")).Succeeded()));
        }

        await load.StopAsync();
        Tell("deployment under load", rollout);
        Console.WriteLine($"{"requests meanwhile",-24} {load.Succeeded} answered, {load.Failures.Count} failed at {LoadPerSecond}/s");
    }

    private static async Task FullStoreAsync(Cloud cloud)
    {
        var image = (string)(await cloud.FindAsync("service", "bench"))!["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!;
        for (var round = 0; round < 2; round++)
        {
            // Stopped, because what is measured is the store and not two hundred programs beside it.
            var manifest = string.Join("\n---\n", Enumerable.Range(0, Services).Select(number => Manifests.HelloWith(image, $"many-{number:000}",
                ("bench.slipway.dev/round", round.ToString(CultureInfo.InvariantCulture)))
                .Replace($"  name: many-{number:000}\n", $"  name: many-{number:000}\n  annotations:\n    slipway.dev/stopped: \"true\"\n", StringComparison.Ordinal)));
            (await cloud.ApplyAsync(manifest)).Succeeded();
        }

        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, CancellationToken.None);
        var list = new Sample();
        for (var read = 0; read < 30; read++)
        {
            var took = (await cloud.ApiAsync("/apis/serving.knative.dev/v1/services", "-o", "/dev/null", "-w", "%{time_starttransfer} %{time_appconnect}")).Succeeded().Output.Split(' ');
            list.Add(TimeSpan.FromSeconds(double.Parse(took[0], CultureInfo.InvariantCulture) - double.Parse(took[1], CultureInfo.InvariantCulture)));
        }

        var revisions = JsonNode.Parse((await cloud.ApiAsync("/apis/serving.knative.dev/v1/revisions")).Output)!["items"]!.AsArray().Count;
        Tell($"list {Services} services", list);
        Console.WriteLine($"{"revisions in the store",-24} {revisions}");
        var resident = File.ReadLines($"/proc/{cloud.ServerProcessId}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Console.WriteLine($"{"slipwayd with all that",-24} {int.Parse(resident, CultureInfo.InvariantCulture) / 1024} MiB resident");
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> act)
    {
        var began = Stopwatch.GetTimestamp();
        await act();
        return Stopwatch.GetElapsedTime(began);
    }

    private static async Task UntilAsync(Cloud cloud, string service, Func<IReadOnlyList<JsonNode>, bool> isRight)
    {
        while (!isRight(await cloud.ContainersAsync(service)))
        {
            await Task.Delay(s_look, TimeProvider.System, CancellationToken.None);
        }
    }

    private static void Tell(string what, Sample sample) => Console.WriteLine($"{what,-24} {sample}");
}
