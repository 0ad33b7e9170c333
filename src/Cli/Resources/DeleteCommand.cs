using System.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;
using Slipway.Model.Resources;

namespace Slipway.Cli.Resources;

internal static class DeleteCommand
{
    private static readonly Argument<string?> s_kind = new("kind") { Description = "service, job, secret, …", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string[]> s_names = new("name") { Description = "One or more names.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string?> s_file = new("--filename", "-f") { Description = "Delete what this manifest names." };

    public static Command Create(TerminalWriter console)
    {
        var command = new Command("delete", "Delete objects and what belongs to them.\n\nExamples:\n  slipway delete service hello\n  slipway delete -f service.yaml") { s_kind, s_names, s_file, SharedOptions.Namespace, ServerOptions.Home };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        using var api = ApiClient.Connect(ServerOptions.Folder(parsed));
        var @namespace = parsed.GetValue(SharedOptions.Namespace)!;
        var missing = 0;
        foreach (var (kind, place, name) in await TargetsAsync(parsed, @namespace, cancellation))
        {
            var deleted = await api.DeleteAsync(ResourcePaths.Item(kind, place, name), cancellation);
            if (deleted is null)
            {
                missing++;
                console.Fail($"there is no {kind.Singular} {name} in namespace {place}.");
            }
            else
            {
                console.Line($"{kind.Singular}/{name} deleted");
            }
        }

        return missing == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task<IReadOnlyList<(ResourceKind Kind, string Namespace, string Name)>> TargetsAsync(
        ParseResult parsed, string @namespace, CancellationToken cancellation)
    {
        if (parsed.GetValue(s_file) is { } file)
        {
            return [.. (await Manifests.ReadAsync(file, cancellation)).Select(manifest => ResourcePaths.Of(manifest.Content, @namespace))];
        }

        if (parsed.GetValue(s_kind) is not { } word || parsed.GetValue(s_names) is not { Length: > 0 } names)
        {
            throw new CliFailure("say what to delete: `slipway delete KIND NAME` or `slipway delete -f FILE`.", ExitCodes.Usage);
        }

        var kind = ResourcePaths.KindOf(word);
        return [.. names.Select(name => (kind, @namespace, name))];
    }
}
