using Slipway.Cli.Terminal;
using Slipway.Store.Installation;

namespace Slipway.Cli.Up;

/// <summary>Follows a server's own word about itself until it is ready, telling each step once.</summary>
internal sealed class ReadinessWatch(StateFolder folder, TerminalWriter console, TimeProvider time)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(30);

    /// <summary>The first start downloads and initialises a database.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    /// <param name="goesOn">False once nobody is left who could make it ready.</param>
    /// <param name="since">Before the server was started: what a server said earlier was said by another one.</param>
    public async Task<InstallationStatus> UntilReadyAsync(DateTimeOffset since, Func<bool> goesOn, CancellationToken cancellation)
    {
        while (true)
        {
            // Asked before the status is read: what a server says last is written before it ends.
            var anybodyLeft = goesOn();
            var status = InstallationStatus.Read(folder);
            if (status is not null && (status.IsAlive || status.ChangedAt >= since))
            {
                if (status.Phase == InstallationStatus.Ready && status.IsAlive)
                {
                    return status;
                }

                if (status.Phase == InstallationStatus.Failed)
                {
                    throw new CliFailure($"{status.FailureDetail} ({status.FailureCode})");
                }

                console.Progress(status.Step);
            }

            if (!anybodyLeft)
            {
                throw new CliFailure($"the server ended before it was ready; its log is {folder.ServerLog}.");
            }

            if (time.GetUtcNow() - since > s_limit)
            {
                throw new CliFailure($"the server was not ready within {s_limit.TotalMinutes:0} minutes (last step: {status?.Step}); its log is {folder.ServerLog}.");
            }

            await Task.Delay(s_look, time, cancellation);
        }
    }

    public void TellWhereEverythingIs(InstallationStatus status)
    {
        console.Line();
        console.Line($"  {console.Green("Slipway is ready")} ({(status.ChangedAt - status.StartedAt).TotalSeconds:0.0} s)");
        console.Line();
        foreach (var (name, place) in status.Urls.Append(new("kubeconfig", folder.Kubeconfig)).Append(new("log", folder.ServerLog)))
        {
            console.Line($"  {name,-14} {place}");
        }

        foreach (var note in status.Notes)
        {
            console.Line($"  {console.Dim($"note: {note}")}");
        }

        console.Line();
    }
}
