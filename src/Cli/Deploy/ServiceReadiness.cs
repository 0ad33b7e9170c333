using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Model.Resources;

namespace Slipway.Cli.Deploy;

/// <summary>Waits for a Service to settle and then says who really serves its traffic.</summary>
internal static class ServiceReadiness
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    /// <summary>A little more than the default progress deadline, after which the platform itself gives up.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(660);

    public static async Task<int> WaitAsync(ApiClient api, string @namespace, string name, TerminalWriter console, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var service = await api.GetAsync(ResourcePaths.Item(Kinds.Service, @namespace, name), cancellation);
            var ready = Condition(service, "Ready");
            var observed = (long?)service["status"]?["observedGeneration"] == (long?)service["metadata"]?["generation"];
            if (observed && (string?)ready?["status"] is "True" or "False" && observed)
            {
                return Tell(service, ready!, console);
            }

            console.Progress(observed && (string?)ready?["message"] is { Length: > 0 } message ? message : "waiting for the new revision");
            if (TimeProvider.System.GetElapsedTime(began) > s_limit)
            {
                throw new CliFailure($"service {name} was not ready within {s_limit.TotalMinutes:0} minutes: `slipway describe service {name}` tells more.");
            }

            await Task.Delay(s_look, TimeProvider.System, cancellation);
        }
    }

    public static JsonObject? Condition(JsonObject resource, string type) =>
        (resource["status"]?["conditions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(condition => (string?)condition["type"] == type);

    private static int Tell(JsonObject service, JsonObject ready, TerminalWriter console)
    {
        var name = (string)service["metadata"]!["name"]!;
        if ((string?)ready["status"] == "False")
        {
            console.Fail($"service {name} is not ready: {(string?)ready["reason"]}: {(string?)ready["message"]}");
            return ExitCodes.Failed;
        }

        var latest = (string?)service["status"]?["latestReadyRevisionName"] ?? "";
        var shares = (service["status"]?["traffic"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(target => ((int?)target["percent"] ?? 0) > 0)
            .GroupBy(target => (string?)target["revisionName"] ?? "")
            .Select(group => (Revision: group.Key, Percent: group.Sum(target => (int?)target["percent"] ?? 0)))
            .ToList();
        console.Line($"Service {console.Bold(name)} is ready: {console.Green((string?)service["status"]?["url"] ?? "")}");
        foreach (var (revision, percent) in shares)
        {
            console.Line($"  {percent,3} %  {revision}{(revision == latest ? "  (latest)" : "")}");
        }

        if (shares.All(share => share.Revision != latest))
        {
            console.Line($"  {console.Yellow($"  0 %  {latest}  (latest): the traffic is pinned to other revisions. Move it with `slipway traffic {name} --to-latest`.")}");
        }

        return ExitCodes.Success;
    }
}
