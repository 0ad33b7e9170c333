using System.Diagnostics;
using Slipway.Cli.Terminal;
using Slipway.Store.Installation;

namespace Slipway.Cli.Up;

/// <summary>
/// Keeps one server running in one state folder until it is asked to stop. A server that dies is started again at once;
/// one that dies young, again and again, waits longer each time. A server that says it needs attention is not restarted.
/// </summary>
internal sealed class ServerSupervisor(StateFolder folder, IReadOnlyDictionary<string, string> environment, TimeProvider time)
{
    private static readonly TimeSpan s_young = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    /// <summary>Longer than any instance's grace period, so that a stop is not cut short.</summary>
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(90);

    /// <summary>Runs until <paramref name="stop"/> is cancelled (exit code 0) or the server needs attention (its exit code).</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(folder.Root);
        using var alone = Claim() ?? throw new CliFailure($"another `slipway up` already supervises {folder.Root}; stop it with `slipway down` first.");
        new SupervisorRecord(Environment.ProcessId, ProcessIdentity.StartedTicks(Environment.ProcessId)).Write(folder);
        var pause = TimeSpan.Zero;
        while (true)
        {
            var began = time.GetTimestamp();
            var exitCode = await RunOnceAsync(stop);
            if (stop.IsCancellationRequested)
            {
                return ExitCodes.Success;
            }

            if (exitCode == InstallationStatus.ExitCodeNeedsAttention)
            {
                return exitCode;
            }

            var livedLong = time.GetElapsedTime(began) > s_young;
            pause = livedLong ? TimeSpan.Zero : pause == TimeSpan.Zero ? TimeSpan.FromMilliseconds(100) : Min(pause * 2, s_pauseMax);
            try
            {
                await Task.Delay(livedLong ? TimeSpan.Zero : pause, time, stop);
            }
            catch (OperationCanceledException)
            {
                return ExitCodes.Success;
            }
        }
    }

    /// <summary>One life of the server, from start (or from finding one that runs already) to end.</summary>
    private async Task<int> RunOnceAsync(CancellationToken stop)
    {
        if (InstallationStatus.Read(folder) is { IsAlive: true } running)
        {
            await WatchAsync(running, stop);
            return ExitCodes.Failed;
        }

        using var server = Start();
        try
        {
            await server.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(server.Id, ProcessIdentity.StartedTicks(server.Id));
            return ExitCodes.Success;
        }

        return server.ExitCode;
    }

    private Process Start()
    {
        var binary = Path.Combine(AppContext.BaseDirectory, "slipwayd");
        if (!File.Exists(binary))
        {
            throw new CliFailure($"{binary} is missing; build it with `./slipway build`.");
        }

        var start = new ProcessStartInfo(binary) { UseShellExecute = false };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new CliFailure($"{binary} could not be started.");
    }

    private async Task WatchAsync(InstallationStatus server, CancellationToken stop)
    {
        try
        {
            while (server.IsAlive)
            {
                await Task.Delay(s_look, time, stop);
            }
        }
        catch (OperationCanceledException)
        {
            await StopAsync(server.ProcessId, server.ProcessStartedTicks);
        }
    }

    private async Task StopAsync(int processId, long startedTicks)
    {
        Signals.Terminate(processId);
        var began = time.GetTimestamp();
        while (startedTicks >= 0 && ProcessIdentity.StartedTicks(processId) == startedTicks)
        {
            if (time.GetElapsedTime(began) > s_stopLimit)
            {
                throw new CliFailure($"slipwayd (process {processId}) did not stop within {s_stopLimit.TotalSeconds:0} s; see {folder.ServerLog}.");
            }

            await Task.Delay(s_look, time, CancellationToken.None);
        }
    }

    /// <summary>The lock goes with the process, however it ends.</summary>
    private FileStream? Claim()
    {
        try
        {
            return new FileStream(Path.Combine(folder.Root, "supervisor.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
