using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Deploy;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;
using Slipway.Model.Resources;

namespace Slipway.Cli.Resources;

internal static class ApplyCommand
{
    private static readonly Option<string> s_file = new("--filename", "-f") { Description = "A file, a folder, or - for the input.", Required = true };
    private static readonly Option<bool> s_wait = new("--wait") { Description = "Wait until every Service in it is ready." };

    public static Command Create(TerminalWriter console)
    {
        var command = new Command(
            "apply",
            "Make the objects of a manifest so. Images written dotnet://PROJECT are built, packed and replaced by their digest first.\n\nExamples:\n  slipway apply -f service.yaml --wait\n  kubectl kustomize . | slipway apply -f -")
        {
            s_file, s_wait, SharedOptions.Namespace, ServerOptions.Home,
        };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        var folder = ServerOptions.Folder(parsed);
        using var api = ApiClient.Connect(folder);
        var manifests = await Manifests.ReadAsync(parsed.GetValue(s_file)!, cancellation);
        return await ApplyAsync(api, manifests, new ImageBuilder(folder, api.Status, console), parsed.GetValue(SharedOptions.Namespace)!, parsed.GetValue(s_wait), console, cancellation);
    }

    public static async Task<int> ApplyAsync(
        ApiClient api, IReadOnlyList<Manifest> manifests, ImageBuilder images, string @namespace, bool wait, TerminalWriter console, CancellationToken cancellation)
    {
        // Everything is checked and built before the first write, so that a typo in the last document changes nothing.
        var targets = manifests.Select(manifest => (manifest.Content, Place: ResourcePaths.Of(manifest.Content, @namespace))).ToList();
        foreach (var manifest in manifests)
        {
            await images.ReplaceProjectsAsync(manifest, cancellation);
        }

        foreach (var (content, place) in targets)
        {
            var path = ResourcePaths.Item(place.Kind, place.Namespace, place.Name);
            if (JobRun.IsStep(place.Kind, content))
            {
                console.Line($"{place.Kind.Singular}/{place.Name} {await JobRun.ApplyAsync(api, path, content, console, cancellation)}");
                continue;
            }

            var before = await api.FindAsync(path, cancellation);
            var after = await api.ApplyAsync(path, content, cancellation);
            console.Line($"{place.Kind.Singular}/{place.Name} {Verb(before, after)}");
        }

        var exitCode = ExitCodes.Success;
        foreach (var (_, place) in wait ? targets.Where(target => target.Place.Kind == Kinds.Service) : [])
        {
            exitCode = Math.Max(exitCode, await ServiceReadiness.WaitAsync(api, place.Namespace, place.Name, console, cancellation));
        }

        return exitCode;
    }

    private static string Verb(JsonObject? before, JsonObject after) =>
        before is null ? "created"
        : (string?)before["metadata"]?["resourceVersion"] == (string?)after["metadata"]?["resourceVersion"] ? "unchanged"
        : "configured";
}
