using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Apps;

/// <summary>The applications that come with Slipway: where they are, and bringing them up to date.</summary>
internal static class AppsCommand
{
    private static readonly Argument<string[]> s_names = new("name") { Description = "Which ones; all when none is named.", Arity = ArgumentArity.ZeroOrMore };

    public static Command Create(TerminalWriter console)
    {
        var list = new Command("list", "Show the applications, their addresses and whether they are ready.") { ServerOptions.Home };
        list.SetAction((parsed, cancellation) => ListAsync(parsed, console, cancellation));
        var deploy = new Command("deploy", "Build and deploy them from the sources, whether these have changed or not.") { s_names, ServerOptions.Home };
        deploy.SetAction((parsed, cancellation) => DeployAsync(parsed, console, cancellation));
        return new Command("apps", "The applications that come with Slipway.\n\nExamples:\n  slipway apps list\n  slipway apps deploy todo") { list, deploy };
    }

    private static async Task<int> ListAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        var root = Root();
        var rows = await new AppDeployment(ServerOptions.Folder(parsed), root, console).ListAsync(BundledApp.ReadAll(root), cancellation);
        console.Table(["APP", "SERVICE", "URL", "STATE"], [.. rows.Select(row => new[] { row.App, row.Service, row.Url, row.State })]);
        return ExitCodes.Success;
    }

    private static async Task<int> DeployAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        var root = Root();
        var all = BundledApp.ReadAll(root);
        var names = parsed.GetValue(s_names) ?? [];
        if (names.FirstOrDefault(name => all.All(app => app.Name != name)) is { } unknown)
        {
            throw new CliFailure($"there is no application {unknown}; known are {string.Join(", ", all.Select(app => app.Name))}.", ExitCodes.Usage);
        }

        var chosen = names.Length == 0 ? all : [.. all.Where(app => names.Contains(app.Name))];
        return await new AppDeployment(ServerOptions.Folder(parsed), root, console).RunAsync(chosen, evenIfUnchanged: true, cancellation);
    }

    private static string Root() => BundledApp.SourceRoot()
        ?? throw new CliFailure("the applications are deployed from Slipway's sources: run this with the `slipway` script of a checkout.", ExitCodes.Usage);
}
