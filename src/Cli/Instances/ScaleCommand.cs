using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Deploy;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Cli.Instances;

/// <summary>Bounds for the number of instances, or a stop of the whole service.</summary>
internal static class ScaleCommand
{
    private static readonly Argument<string> s_service = new("service") { Description = "Name of the service." };
    private static readonly Option<int?> s_min = new("--min") { Description = "Keep at least so many instances." };
    private static readonly Option<int?> s_max = new("--max") { Description = "Never run more than so many (0 = no bound)." };
    private static readonly Option<bool> s_stop = new("--stop") { Description = "Stop every instance and refuse requests until --start." };
    private static readonly Option<bool> s_start = new("--start") { Description = "Serve again after --stop." };

    public static Command Create(TerminalWriter console)
    {
        var command = new Command("scale", "Bound the number of instances, or stop and start a service.\n\nExamples:\n  slipway scale hello --min 1 --max 10\n  slipway scale hello --stop") { s_service, s_min, s_max, s_stop, s_start, SharedOptions.Namespace, ServerOptions.Home };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        var (min, max, stop, start) = (parsed.GetValue(s_min), parsed.GetValue(s_max), parsed.GetValue(s_stop), parsed.GetValue(s_start));
        if (min is null && max is null && !stop && !start)
        {
            throw new CliFailure("say what to change: --min, --max, --stop or --start.", ExitCodes.Usage);
        }

        if (stop && start)
        {
            throw new CliFailure("--stop and --start exclude each other.", ExitCodes.Usage);
        }

        using var api = ApiClient.Connect(ServerOptions.Folder(parsed));
        var path = ResourcePaths.Item(Kinds.Service, parsed.GetValue(SharedOptions.Namespace)!, parsed.GetValue(s_service)!);
        var patch = new JsonObject();
        if (min is not null || max is not null)
        {
            // Bounds belong to the template, so they make a new revision: rolling back brings the old bounds back too.
            var annotations = new JsonObject();
            Add(annotations, "min-scale", min);
            Add(annotations, "max-scale", max);
            patch["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } } };
        }

        if (stop || start)
        {
            patch["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [ServingNames.Stopped] = stop ? "true" : null } };
        }

        await api.MergeAsync(path, patch, cancellation);
        if (stop)
        {
            console.Line($"Service {parsed.GetValue(s_service)} is stopped; requests are refused until `slipway scale {parsed.GetValue(s_service)} --start`.");
            return ExitCodes.Success;
        }

        return await ServiceReadiness.WaitAsync(api, parsed.GetValue(SharedOptions.Namespace)!, parsed.GetValue(s_service)!, console, cancellation);
    }

    private static void Add(JsonObject annotations, string name, int? value)
    {
        if (value is { } number)
        {
            annotations[ServingNames.Autoscaling + name] = number.ToString(CultureInfo.InvariantCulture);
        }
    }
}
