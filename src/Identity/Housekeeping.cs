using Slipway.Sdk.Database;

namespace Slipway.Identity;

/// <summary>
/// Removes what has served its time, a bounded number of rows at a time: expired links, sessions and counts at once or after 30 days,
/// notes of sign-ins after 180 days. Several instances may do it at once; each takes what no other holds.
/// </summary>
internal sealed partial class Housekeeping(Database database, TimeProvider time, ILogger<Housekeeping> log) : BackgroundService
{
    private const int RowsMax = 1000;

    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(10);

    private static readonly (string Table, string Key, string Old, TimeSpan Kept)[] s_rules =
    [
        ("registrations", "id", "expires_at", TimeSpan.Zero),
        ("one_time_tokens", "hash", "expires_at", TimeSpan.FromDays(30)),
        ("email_changes", "user_id", "expires_at", TimeSpan.Zero),
        ("failed_attempts", "key", "until", TimeSpan.Zero),

        // Revoked sessions are kept as long: a replayed refresh token must still be recognised as one.
        ("sessions", "id", "expires_at", TimeSpan.FromDays(30)),
        ("outgoing_mail", "id", "created_at", TimeSpan.FromDays(30)),
        ("login_events", "id", "at", TimeSpan.FromDays(180)),
    ];

    /// <summary>Removes one helping of everything that is due and says how many rows that were.</summary>
    public async Task<int> TidyAsync(CancellationToken cancellation)
    {
        var removed = 0;
        foreach (var (table, key, old, kept) in s_rules)
        {
            removed += await database.WriteAsync(
                (transaction, c) => transaction.Command(
                    $"delete from {table} where {key} in (select {key} from {table} where {old} < $1 limit {RowsMax} for update skip locked)",
                    time.GetUtcNow() - kept).ExecuteAsync(c),
                cancellation);
        }

        // Used tokens of a living family are needed for as long as a copy could be replayed, which ends with their own expiry.
        removed += await database.WriteAsync(
            (transaction, c) => transaction.Command(
                $"delete from refresh_tokens where hash in (select hash from refresh_tokens where used_at is not null and expires_at < $1 limit {RowsMax} for update skip locked)",
                time.GetUtcNow()).ExecuteAsync(c),
            cancellation);
        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await TidyAsync(stoppingToken) >= RowsMax)
                {
                }
            }
#pragma warning disable CA1031 // What could not be removed now is removed the next time.
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                TidyFailed(failure.Message);
            }
        }
    }

    [LoggerMessage(EventId = 4501, Level = LogLevel.Warning, Message = "Old rows could not be removed: {Reason}")]
    private partial void TidyFailed(string reason);
}
