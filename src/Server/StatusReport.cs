using Slipway.Store.Installation;

namespace Slipway.Server;

/// <summary>Keeps the status file true while the server starts, runs and stops.</summary>
internal sealed class StatusReport
{
    private readonly StateFolder _folder;
    private readonly TimeProvider _time;
    private readonly Lock _changing = new();
    private IReadOnlyList<string> _troubles = [];
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
        Change(status => status with { Phase = InstallationStatus.Ready, Step = "", Urls = new(urls.Concat(status.Urls).DistinctBy(url => url.Key)), Notes = [.. notes, .. _troubles] });

    /// <summary>What does not work although the server does; and where telemetry answers, once it does.</summary>
    public void Troubled(IReadOnlyList<string> troubles, IReadOnlyDictionary<string, string> urls) =>
        Change(status =>
        {
            var before = _troubles;
            _troubles = troubles;
            return status with
            {
                Notes = [.. status.Notes.Where(note => !before.Contains(note)), .. troubles],
                Urls = new(status.Urls.Concat(urls).DistinctBy(url => url.Key)),
            };
        });

    public void Stopping(string words) => Change(status => status with { Phase = InstallationStatus.Stopping, Step = words });

    public void Stopped() => Change(status => status with { Phase = InstallationStatus.Stopped, Step = "" });

    public void Failed(string code, string detail) =>
        Change(status => status with { Phase = InstallationStatus.Failed, FailureCode = code, FailureDetail = detail });

    private void Change(Func<InstallationStatus, InstallationStatus> change)
    {
        // Telemetry tells its troubles from threads of its own.
        lock (_changing)
        {
            _status = change(_status) with { ChangedAt = _time.GetUtcNow() };
            _status.Write(_folder);
        }
    }
}
