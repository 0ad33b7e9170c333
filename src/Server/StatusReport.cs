using Slipway.Store.Installation;

namespace Slipway.Server;

/// <summary>Keeps the status file true while the server starts, runs and stops.</summary>
internal sealed class StatusReport
{
    private readonly StateFolder _folder;
    private readonly TimeProvider _time;
    private InstallationStatus _status;

    public StatusReport(StateFolder folder, TimeProvider time)
    {
        _folder = folder;
        _time = time;
        var now = time.GetUtcNow();
        _status = new InstallationStatus
        {
            ProcessId = Environment.ProcessId,
            ProcessStartedTicks = ProcessIdentity.StartedTicks(Environment.ProcessId),
            StartedAt = now,
            ChangedAt = now,
        };
    }

    public void Step(string words) => Change(status => status with { Step = words });

    public void Ready(Dictionary<string, string> urls, IEnumerable<string> notes) =>
        Change(status => status with { Phase = InstallationStatus.Ready, Step = "", Urls = urls, Notes = [.. notes] });

    public void Stopping(string words) => Change(status => status with { Phase = InstallationStatus.Stopping, Step = words });

    public void Stopped() => Change(status => status with { Phase = InstallationStatus.Stopped, Step = "" });

    public void Failed(string code, string detail) =>
        Change(status => status with { Phase = InstallationStatus.Failed, FailureCode = code, FailureDetail = detail });

    private void Change(Func<InstallationStatus, InstallationStatus> change)
    {
        _status = change(_status) with { ChangedAt = _time.GetUtcNow() };
        _status.Write(_folder);
    }
}
