using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Resources;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;
using Slipway.Model.Resources;

namespace Slipway.Cli.Deploy;

/// <summary>From a project, a folder or an image to a running revision with a URL.</summary>
internal static class DeployCommand
{
    private static readonly Argument<string?> s_service = new("service") { Description = "Name of the service; from service.yaml or the folder's name when absent.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> s_project = new("--project") { Description = "A .NET project (file or folder) to build and pack." };
    private static readonly Option<string?> s_folder = new("--folder") { Description = "A folder with a ready program; needs --command." };
    private static readonly Option<string?> s_image = new("--image") { Description = "An image in a registry." };
    private static readonly Option<string[]> s_command = new("--command") { Description = "How to start it, one word each.", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string[]> s_env = new("--env", "-e") { Description = "NAME=VALUE for the program's environment." };
    private static readonly Option<string[]> s_removeEnv = new("--remove-env") { Description = "Take a variable away." };
    private static readonly Option<int?> s_concurrency = new("--concurrency") { Description = "Requests an instance may hold at once (0 = no bound)." };
    private static readonly Option<int?> s_timeout = new("--timeout") { Description = "Seconds a request may wait for its answer to begin." };
    private static readonly Option<int?> s_port = new("--port") { Description = "Port the program expects in PORT." };
    private static readonly Option<bool> s_http2 = new("--http2") { Description = "Speak HTTP/2 without TLS to the program (gRPC)." };
    private static readonly Option<string?> s_cpu = new("--cpu") { Description = "CPU limit, e.g. 1 or 500m." };
    private static readonly Option<string?> s_memory = new("--memory") { Description = "Memory limit, e.g. 512Mi." };
    private static readonly Option<int?> s_min = new("--min") { Description = "Keep at least so many instances." };
    private static readonly Option<int?> s_max = new("--max") { Description = "Never more than so many instances." };
    private static readonly Option<string?> s_tag = new("--tag") { Description = "Give the new revision a URL of its own." };
    private static readonly Option<bool> s_noTraffic = new("--no-traffic") { Description = "Leave the traffic where it is." };
    private static readonly Option<bool> s_noWait = new("--no-wait") { Description = "Return before the revision is ready." };

    public static Command Create(TerminalWriter console)
    {
        var command = new Command(
            "deploy",
            "Deploy a service and print its URL.\n\nExamples:\n  slipway deploy hello --project samples/hello\n  slipway deploy site --folder dist --command ./server\n  slipway deploy hello --image localhost:5000/hello:v2 --tag beta --no-traffic\n  cd samples/hello && slipway deploy")
        {
            s_service, s_project, s_folder, s_image, s_command, s_env, s_removeEnv, s_concurrency, s_timeout, s_port, s_http2,
            s_cpu, s_memory, s_min, s_max, s_tag, s_noTraffic, s_noWait, SharedOptions.Namespace, ServerOptions.Home,
        };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        var folder = ServerOptions.Folder(parsed);
        using var api = ApiClient.Connect(folder);
        var images = new ImageBuilder(folder, api.Status, console);
        var @namespace = parsed.GetValue(SharedOptions.Namespace)!;
        var sources = new[] { parsed.GetValue(s_project), parsed.GetValue(s_folder), parsed.GetValue(s_image) }.Count(source => source is not null);
        if (sources > 1)
        {
            throw new CliFailure("--project, --folder and --image exclude each other.", ExitCodes.Usage);
        }

        if (sources == 0 && File.Exists("service.yaml"))
        {
            var manifests = await Manifests.ReadAsync("service.yaml", cancellation);
            return await ApplyCommand.ApplyAsync(api, manifests, images, @namespace, !parsed.GetValue(s_noWait), console, cancellation);
        }

        var project = parsed.GetValue(s_project) ?? (sources == 0 && Directory.EnumerateFiles(".", "*.csproj").Any() ? "." : null);
        var name = parsed.GetValue(s_service) ?? (project is not null ? FolderName(project) : null)
            ?? throw new CliFailure("say which service: `slipway deploy NAME --project|--folder|--image …`, or run it in a folder with a service.yaml.", ExitCodes.Usage);
        var path = ResourcePaths.Item(Kinds.Service, @namespace, name);
        var current = await api.FindAsync(path, cancellation);
        var command = parsed.GetValue(s_command) ?? [];
        var image = project is not null ? await images.FromProjectAsync(project, name, cancellation)
            : parsed.GetValue(s_folder) is { } program ? await images.FromFolderAsync(program, command, name, cancellation)
            : parsed.GetValue(s_image) ?? CurrentImage(current, name);
        var draft = ServiceDraft.Make(name, @namespace, Request(parsed, image, parsed.GetValue(s_folder) is null ? command : []), current);
        await EnsureNamespaceAsync(api, @namespace, cancellation);
        await WriteAsync(api, @namespace, path, draft, current, cancellation);
        if (parsed.GetValue(s_noWait))
        {
            console.Line($"Service {name} is being deployed; `slipway describe service {name}` tells how it goes.");
            return ExitCodes.Success;
        }

        return await ServiceReadiness.WaitAsync(api, @namespace, name, console, cancellation);
    }

    private static DeployRequest Request(ParseResult parsed, string image, IReadOnlyList<string> command) => new()
    {
        Image = image,
        Command = command,
        Environment = parsed.GetValue(s_env) ?? [],
        RemovedEnvironment = parsed.GetValue(s_removeEnv) ?? [],
        Concurrency = parsed.GetValue(s_concurrency),
        TimeoutSeconds = parsed.GetValue(s_timeout),
        Port = parsed.GetValue(s_port),
        Http2 = parsed.GetValue(s_http2),
        Cpu = parsed.GetValue(s_cpu),
        Memory = parsed.GetValue(s_memory),
        Min = parsed.GetValue(s_min),
        Max = parsed.GetValue(s_max),
        Tag = parsed.GetValue(s_tag),
        NoTraffic = parsed.GetValue(s_noTraffic),
    };

    private static Task<JsonObject> WriteAsync(ApiClient api, string @namespace, string path, JsonObject draft, JsonObject? current, CancellationToken cancellation) =>
        current is null
            ? api.PostAsync(ResourcePaths.Collection(Kinds.Service, @namespace), draft, cancellation)
            : api.PutAsync(path, draft, cancellation);

    private static async Task EnsureNamespaceAsync(ApiClient api, string @namespace, CancellationToken cancellation)
    {
        if (await api.FindAsync(ResourcePaths.Item(Kinds.Namespace, "", @namespace), cancellation) is null)
        {
            await api.PostAsync(ResourcePaths.Collection(Kinds.Namespace, null), new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Namespace",
                ["metadata"] = new JsonObject { ["name"] = @namespace },
            }, cancellation);
        }
    }

    private static string CurrentImage(JsonObject? current, string name) =>
        (string?)current?["spec"]?["template"]?["spec"]?["containers"]?[0]?["image"]
        ?? throw new CliFailure($"service {name} does not exist yet: say what to run with --project, --folder or --image.", ExitCodes.Usage);

    private static string FolderName(string project) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(File.Exists(project) ? Path.GetDirectoryName(Path.GetFullPath(project))! : project))).ToLowerInvariant();
}
