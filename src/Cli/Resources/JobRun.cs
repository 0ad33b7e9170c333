using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Model.Resources;

namespace Slipway.Cli.Resources;

/// <summary>
/// A Job with the annotation <c>slipway.dev/run: onChange</c> is a step of applying a manifest, such as a migration: it runs
/// again when what it runs has changed or its last run failed, and what stands after it in the manifest waits until it has succeeded.
/// </summary>
internal static class JobRun
{
    public const string Annotation = "slipway.dev/run";
    public const string OnChange = "onChange";

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_goneLimit = TimeSpan.FromSeconds(60);

    /// <summary>For a Job that names no deadline of its own.</summary>
    private static readonly TimeSpan s_runLimit = TimeSpan.FromMinutes(10);

    public static bool IsStep(ResourceKind kind, JsonObject manifest) =>
        kind == Kinds.Job && (string?)manifest["metadata"]?["annotations"]?[Annotation] == OnChange;

    /// <summary>True when the Job that exists ran the same thing and did not fail, so there is nothing to do again. Pure.</summary>
    public static bool StillHolds(JsonObject existing, JsonObject manifest) =>
        Step(existing) == Step(manifest) && !HasCondition(existing, "Failed");

    public static async Task<string> ApplyAsync(ApiClient api, string path, JsonObject manifest, TerminalWriter console, CancellationToken cancellation)
    {
        var before = await api.FindAsync(path, cancellation);
        var holds = before is not null && StillHolds(before, manifest);
        if (!holds)
        {
            if (before is not null)
            {
                // What a Job runs cannot be changed, so the one that ran something else makes room.
                await api.DeleteAsync(path, cancellation);
                await UntilGoneAsync(api, path, (string?)before["metadata"]?["uid"], cancellation);
            }

            await api.ApplyAsync(path, manifest, cancellation);
        }

        await UntilDoneAsync(api, path, (string)manifest["metadata"]!["name"]!, console, cancellation);
        return holds ? "unchanged" : "succeeded";
    }

    private static async Task UntilDoneAsync(ApiClient api, string path, string name, TerminalWriter console, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var job = await api.GetAsync(path, cancellation);
            if (HasCondition(job, "Complete"))
            {
                return;
            }

            if (HasCondition(job, "Failed"))
            {
                var message = Conditions(job).Where(condition => (string?)condition["type"] == "Failed").Select(condition => $"{(string?)condition["reason"]}: {(string?)condition["message"]}").First();
                throw new CliFailure($"job {name} failed ({message}), so nothing after it was applied. `slipway logs job/{name}` shows what it said; applying again runs it again.");
            }

            if (TimeProvider.System.GetElapsedTime(began) > s_runLimit)
            {
                throw new CliFailure($"job {name} did not end within {s_runLimit.TotalMinutes:0} minutes: `slipway describe job {name}` tells more.");
            }

            console.Progress($"running job {name}");
            await Task.Delay(s_look, TimeProvider.System, cancellation);
        }
    }

    private static async Task UntilGoneAsync(ApiClient api, string path, string? uid, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (await api.FindAsync(path, cancellation) is { } left && (string?)left["metadata"]?["uid"] == uid)
        {
            if (TimeProvider.System.GetElapsedTime(began) > s_goneLimit)
            {
                throw new CliFailure($"the former job at {path} was not gone within {s_goneLimit.TotalSeconds:0} s; does a finalizer hold it?");
            }

            await Task.Delay(s_look, TimeProvider.System, cancellation);
        }
    }

    /// <summary>What is run: image, command, arguments and variables of every container, whatever defaults the API has added.</summary>
    private static string Step(JsonObject job)
    {
        var containers = job["spec"]?["template"]?["spec"]?["containers"] as JsonArray ?? [];
        return string.Join('\n', containers.OfType<JsonObject>().Select(container =>
            string.Join(' ', new[] { "image", "command", "args", "env" }.Select(field => container[field]?.ToJsonString() ?? ""))));
    }

    private static bool HasCondition(JsonObject job, string type) =>
        Conditions(job).Any(condition => (string?)condition["type"] == type && (string?)condition["status"] == "True");

    private static IEnumerable<JsonObject> Conditions(JsonObject job) => (job["status"]?["conditions"] as JsonArray ?? []).OfType<JsonObject>();
}
