using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Telemetry;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Cli.Instances;

/// <summary>
/// What the instances of a service have written, each line with the instance it comes from: straight from the instances
/// that are there, or, as soon as anything is searched for, from the log store, which knows those that are gone too.
/// </summary>
internal static class LogsCommand
{
    private static readonly Argument<string?> s_service = new("service") { Description = "Name of a service, a job (job/NAME) or an instance (pod/NAME); without one, everything of the namespace from the log store.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> s_follow = new("--follow", "-f") { Description = "Go on with new lines; instances that start later are included." };
    private static readonly Option<int?> s_tail = new("--tail") { Description = "Only the last so many lines of each instance." };
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);

    public static Command Create(TerminalWriter console)
    {
        var command = new Command(
            "logs",
            "Show what instances have written.\n\nWith a search (--since, --level, --trace, --grep, --query, --json) the lines come from the log store, those of\ninstances that have ended and the gateway's access lines among them.\n\nExamples:\n  slipway logs hello --tail 50\n  slipway logs hello -f\n  slipway logs hello --since 1h --level error\n  slipway logs --trace 4bf92f3577b34da6a3ce929d0e0e4736\n  slipway logs --query '{service=\"hello\"} |= \"timeout\"'\n  slipway logs job/migrate")
        {
            s_service, s_follow, s_tail, SharedOptions.Namespace, ServerOptions.Home,
        };
        LogSearch.AddTo(command);
        command.SetAction((parsed, cancellation) => LogSearch.IsAsked(parsed) || parsed.GetValue(s_service) is null
            ? LogSearch.RunAsync(parsed, parsed.GetValue(s_service), parsed.GetValue(s_follow), parsed.GetValue(s_tail), console, cancellation)
            : RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        using var api = ApiClient.Connect(ServerOptions.Folder(parsed));
        var @namespace = parsed.GetValue(SharedOptions.Namespace)!;
        var word = parsed.GetValue(s_service)!;
        var follow = parsed.GetValue(s_follow);
        var query = $"?follow={(follow ? "true" : "false")}{(parsed.GetValue(s_tail) is { } tail ? $"&tailLines={tail}" : "")}";
        if (word.StartsWith("pod/", StringComparison.Ordinal))
        {
            await CopyAsync(api, @namespace, word["pod/".Length..], query, prefix: "", console, cancellation);
            return ExitCodes.Success;
        }

        var selector = word.StartsWith("job/", StringComparison.Ordinal) ? $"job-name={word["job/".Length..]}" : $"{ServingNames.Service}={word}";
        var readers = new Dictionary<string, Task>(StringComparer.Ordinal);
        do
        {
            var pods = await PodsAsync(api, @namespace, selector, cancellation);
            foreach (var pod in pods.Where(pod => !readers.ContainsKey(pod)))
            {
                readers.Add(pod, CopyAsync(api, @namespace, pod, query, pods.Count > 1 || follow ? $"{pod}  " : "", console, cancellation));
            }

            if (readers.Count == 0 && !follow)
            {
                console.Line($"No instance of {word} runs or has lately run in namespace {@namespace}.");
            }

            if (follow)
            {
                await Task.Delay(s_look, TimeProvider.System, cancellation);
            }
        }
        while (follow);

        await Task.WhenAll(readers.Values);
        return ExitCodes.Success;
    }

    private static async Task<IReadOnlyList<string>> PodsAsync(ApiClient api, string @namespace, string selector, CancellationToken cancellation)
    {
        var path = $"{ResourcePaths.Collection(Kinds.Pod, @namespace)}?labelSelector={Uri.EscapeDataString(selector)}";
        return [.. (await api.GetAsync(path, cancellation))["items"]!.AsArray().OfType<JsonObject>()
            .OrderBy(pod => (string?)pod["metadata"]?["creationTimestamp"], StringComparer.Ordinal)
            .Select(pod => (string)pod["metadata"]!["name"]!)];
    }

    private static async Task CopyAsync(ApiClient api, string @namespace, string pod, string query, string prefix, TerminalWriter console, CancellationToken cancellation)
    {
        try
        {
            using var response = await api.StreamAsync($"{ResourcePaths.Item(Kinds.Pod, @namespace, pod)}/log{query}", cancellation);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
            while (await reader.ReadLineAsync(cancellation) is { } line)
            {
                lock (console)
                {
                    console.Line(console.Dim(prefix) + line);
                }
            }
        }
        catch (CliFailure failure)
        {
            // One instance may be gone by now; the others' lines are still wanted.
            console.Fail($"{pod}: {failure.Message}");
        }
    }
}
