using Todo.Monitor.History;

namespace Todo.Monitor.Status;

/// <summary>
/// The picture of the last few seconds. The page is public: however many ask, the database is asked once, and while it does
/// not answer everybody gets the same problem.
/// </summary>
internal sealed class RecentPicture(HistoryReader history, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile Snapshot? _last;

    public async Task<Snapshot> GetAsync(CancellationToken cancellation)
    {
        if (Fresh() is { } ready)
        {
            return ready;
        }

        await _reading.WaitAsync(cancellation);
        try
        {
            if (Fresh() is { } meanwhile)
            {
                return meanwhile;
            }

            var now = time.GetUtcNow();
            var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero).AddMinutes(1);
            var today = DateOnly.FromDateTime(now.UtcDateTime);
            return _last = new(
                await history.PictureAsync(now, cancellation),
                await history.MinutesAsync(null, hour.AddMinutes(-Snapshot.Minutes), hour, cancellation),
                await history.DaysAsync(null, today.AddDays(1 - Snapshot.Days), today.AddDays(1), cancellation),
                hour);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private Snapshot? Fresh() => _last is { } last && time.GetUtcNow() - last.Picture.Now < s_fresh ? last : null;
}

/// <param name="Until">The end of the minute that is running.</param>
internal sealed record Snapshot(StatusPicture Picture, IReadOnlyList<MinuteRow> Hour, IReadOnlyList<DayRow> Month, DateTimeOffset Until)
{
    public const int Minutes = 60;
    public const int Days = 30;
}
