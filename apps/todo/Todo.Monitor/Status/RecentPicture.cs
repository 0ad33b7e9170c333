using Slipway.Sdk.Problems;
using Todo.Monitor.History;

namespace Todo.Monitor.Status;

/// <summary>
/// The picture of the last few seconds. The page is public: however many ask, the database is asked once, and while it does
/// not answer everybody gets the same problem.
/// </summary>
internal sealed class RecentPicture(HistoryReader history, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile Snapshot? _last;
    private volatile Refusal? _refusal;

    private sealed record Refusal(Problem Problem, DateTimeOffset At);

    public async Task<Snapshot> GetAsync(CancellationToken cancellation)
    {
        if (Fresh() is { } ready)
        {
            return ready;
        }

        await _reading.WaitAsync(cancellation);
        try
        {
            return Fresh() ?? await RenewAsync(cancellation);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task<Snapshot> RenewAsync(CancellationToken cancellation)
    {
        try
        {
            return _last = await ReadAsync(time.GetUtcNow(), cancellation);
        }
        catch (ProblemException exception)
        {
            _refusal = new(exception.Problem, time.GetUtcNow());
            throw;
        }
    }

    private async Task<Snapshot> ReadAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var minute = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var picture = await history.PictureAsync(now, cancellation);
        var rows = await history.MinutesAsync(null, minute.AddMinutes(-Snapshot.Minutes), minute.AddMinutes(1), cancellation);

        // The running minute is shown once it has been looked at; until then it is no gap.
        var until = rows.Exists(row => row.At >= minute) ? minute.AddMinutes(1) : minute;
        return new(picture, rows, await history.DaysAsync(null, today.AddDays(1 - Snapshot.Days), today.AddDays(1), cancellation), until);
    }

    /// <exception cref="ProblemException">The database has just refused, and would only keep the next one waiting for the same.</exception>
    private Snapshot? Fresh()
    {
        var now = time.GetUtcNow();
        if (_last is { } last && now - last.Picture.Now < s_fresh)
        {
            return last;
        }

        return _refusal is { } refusal && now - refusal.At < s_pause ? throw new ProblemException(refusal.Problem) : null;
    }
}

/// <param name="Until">The end of the last minute that is shown.</param>
internal sealed record Snapshot(StatusPicture Picture, IReadOnlyList<MinuteRow> Hour, IReadOnlyList<DayRow> Month, DateTimeOffset Until)
{
    public const int Minutes = 60;
    public const int Days = 30;
}
