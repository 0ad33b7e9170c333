using System.CommandLine;
using System.Diagnostics;
using Slipway.Cli.Apps;
using Slipway.Cli.Terminal;
using Slipway.Store.Installation;

namespace Slipway.Cli.Up;

internal static class UpCommand
{
    private static readonly Option<bool> s_detach = new("--detach", "-d") { Description = "Start in the background and return once everything is ready." };

    private static readonly Option<bool> s_noApps = new("--no-apps") { Description = "Leave out the applications that come with Slipway (SLIPWAY_APPS=off)." };

    public static Command Create(TerminalWriter console)
    {
        var command = new Command("up", "Start Slipway on this machine and keep it running.\n\nExamples:\n  slipway up\n  slipway up -d --gateway-port 80");
        command.Options.Add(s_detach);
        command.Options.Add(s_noApps);
        command.Options.Add(ServerOptions.Home);
        foreach (var option in ServerOptions.Ports)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) => RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        var folder = ServerOptions.Folder(parsed);
        var environment = ServerOptions.Environment(parsed, folder);
        var since = TimeProvider.System.GetUtcNow();
        var watch = new ReadinessWatch(folder, console, TimeProvider.System);
        if (SupervisorRecord.Read(folder) is { IsAlive: true })
        {
            watch.TellWhereEverythingIs(await watch.UntilReadyAsync(since, () => SupervisorRecord.Read(folder) is { IsAlive: true }, cancellation));
            console.Line("  It was running already.");
            return await AppsAsync(parsed, folder, console, cancellation);
        }

        Directory.CreateDirectory(folder.Logs);
        if (parsed.GetValue(s_detach))
        {
            using var background = StartInBackground(folder, environment);
            watch.TellWhereEverythingIs(await watch.UntilReadyAsync(since, () => !background.HasExited, cancellation));
            var deployed = await AppsAsync(parsed, folder, console, cancellation);
            console.Line("  Stop it with `slipway down`.");
            return deployed;
        }

        var supervisor = new ServerSupervisor(folder, environment, TimeProvider.System).RunAsync(cancellation);
        var ready = watch.UntilReadyAsync(since, () => !supervisor.IsCompleted, cancellation);
        if (await Task.WhenAny(supervisor, ready) == ready || !supervisor.IsCompletedSuccessfully)
        {
            if (supervisor.IsFaulted)
            {
                return await supervisor;
            }

            watch.TellWhereEverythingIs(await ready);
            console.Line("  Press Ctrl-C to stop.");
            await AppsUntilAsync(supervisor, parsed, folder, console, cancellation);
        }

        var exitCode = await supervisor;
        if (exitCode == InstallationStatus.ExitCodeNeedsAttention)
        {
            var status = InstallationStatus.Read(folder);
            throw new CliFailure($"{status?.FailureDetail ?? "the server needs attention"} ({status?.FailureCode})");
        }

        return exitCode;
    }

    /// <summary>The platform serves already while its applications are brought up to date.</summary>
    private static async Task<int> AppsAsync(ParseResult parsed, StateFolder folder, TerminalWriter console, CancellationToken cancellation)
    {
        if (parsed.GetValue(s_noApps) || Environment.GetEnvironmentVariable("SLIPWAY_APPS") == "off" || BundledApp.SourceRoot() is not { } root)
        {
            return ExitCodes.Success;
        }

        var apps = BundledApp.ReadAll(root);
        var deployment = new AppDeployment(folder, root, console);
        var exitCode = await deployment.RunAsync(apps, evenIfUnchanged: false, cancellation);
        foreach (var (_, service, url, state) in await deployment.ListAsync(apps, cancellation))
        {
            console.Line($"  {service,-14} {url}{(state == "ready" ? "" : $"  ({state})")}");
        }

        console.Line();
        return exitCode;
    }

    /// <summary>In the foreground the platform matters more than its applications: their trouble is told and nothing more, and its end ends them.</summary>
    private static async Task AppsUntilAsync(Task supervisor, ParseResult parsed, StateFolder folder, TerminalWriter console, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var apps = AppsAsync(parsed, folder, console, stop.Token);
        if (await Task.WhenAny(apps, supervisor) == supervisor)
        {
            await stop.CancelAsync();
        }

        try
        {
            await apps;
        }
        catch (CliFailure failure)
        {
            console.Fail(failure.Message);
        }
        catch (OperationCanceledException)
        {
            // The platform was stopped meanwhile; the next start goes on where this one was.
        }
    }

    /// <summary>The supervisor in a session of its own, so that closing the terminal does not end it.</summary>
    private static Process StartInBackground(StateFolder folder, Dictionary<string, string> environment)
    {
        var log = Path.Combine(folder.Logs, "supervisor.log");
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (var argument in new[] { "-c", "exec setsid \"$0\" supervise --home \"$1\" </dev/null >>\"$2\" 2>&1", Environment.ProcessPath!, folder.Root, log })
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new CliFailure("the background process could not be started: is /bin/sh there?");
    }
}
