using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Model.Failures;
using Slipway.Store.Postgres;

namespace Slipway.Store.Archiving;

/// <param name="WhyOff">Null while the archive is kept.</param>
/// <param name="From">The earliest moment that can be gone back to; null before the first copy is complete.</param>
/// <param name="ArchivedAt">When the log was last put away: what came later is still only in the server's own folder.</param>
public sealed record ArchiveStatus(string? WhyOff, DateTimeOffset? From, DateTimeOffset? ArchivedAt, IReadOnlyList<(DateTimeOffset CompleteAt, long Bytes)> Copies, long Bytes, long Failures);

/// <summary>
/// The way of the embedded PostgreSQL back to any moment of the last days: whole copies, the log between them, and second servers made of both.
/// </summary>
public sealed partial class DatabaseArchive : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_archivedWithin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly ArchiveSettings _settings;
    private readonly ArchiveFolder _folder;
    private readonly PostgresFolders _folders;
    private readonly NpgsqlDataSource _admin;
    private readonly Recovery _recovery;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _one = new(1);

    internal DatabaseArchive(
        ArchiveSettings settings, ArchiveFolder folder, PostgresFolders folders, NpgsqlDataSource admin, Recovery recovery, TimeProvider time, ILogger logger) =>
        (_settings, _folder, _folders, _admin, _recovery, _time, _logger) = (settings, folder, folders, admin, recovery, time, logger);

    /// <summary>Copies and tidies until it is told to stop. What fails is logged and tried again.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await DiscardAllAsync(stopping);
            _folder.DropUnfinishedCopies();
            await Task.Delay(_settings.FirstBaseAfter, _time, stopping);
            while (true)
            {
                await KeepAsync(stopping);
                await Task.Delay(s_look, _time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    public async Task<ArchiveStatus> StatusAsync(CancellationToken cancellation)
    {
        var copies = _folder.Copies();
        var bytes = copies.Sum(copy => copy.Bytes) + _folder.Segments().Sum(file => file.Bytes);
        await using var ask = _admin.CreateCommand("select last_archived_time, failed_count from pg_stat_archiver");
        await using var row = await ask.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new ArchiveStatus(
            await WhyOffAsync(cancellation),
            copies.Count > 0 ? copies[0].CompleteAt : null,
            await row.IsDBNullAsync(0, cancellation) ? null : new DateTimeOffset(row.GetDateTime(0), TimeSpan.Zero),
            [.. copies.Select(copy => (copy.CompleteAt, copy.Bytes))],
            bytes,
            row.GetInt64(1));
    }

    /// <summary>
    /// A second server as of that moment. Failures: <c>archive-off</c>, <c>before-archive</c>, <c>in-future</c>, <c>recovery-running</c>,
    /// <c>archive-behind</c>, <c>recovery-failed</c>. One at a time: each is a whole server.
    /// </summary>
    public async Task<Outcome<RecoveredServer>> RecoverAsync(DateTimeOffset moment, CancellationToken cancellation)
    {
        if (await WhyOffAsync(cancellation) is { } off)
        {
            return new Failure(FailureKind.Conflict, "archive-off", off);
        }

        if (moment > _time.GetUtcNow())
        {
            return new Failure(FailureKind.Invalid, "in-future", "The moment has not come yet.");
        }

        if (ArchiveRules.BaseFor(_folder.Copies(), moment) is not { } copy)
        {
            return new Failure(FailureKind.Expired, "before-archive", _folder.Copies() is [var first, ..]
                ? string.Create(CultureInfo.InvariantCulture, $"The archive begins at {first.CompleteAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}; choose a later moment.")
                : "The first copy is not made yet; it is a few minutes after the start.");
        }

        if (!await _one.WaitAsync(TimeSpan.Zero, cancellation))
        {
            return Running();
        }

        try
        {
            return _recovery.Ids().Count > 0 ? Running() : await PutAwayAsync(cancellation) ?? await _recovery.StartAsync(copy, moment, cancellation);
        }
        finally
        {
            _one.Release();
        }

        static Failure Running() => new(FailureKind.AlreadyExists, "recovery-running", "There is a recovered server already; discard it first.");
    }

    public async Task<bool> DiscardAsync(string id, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            if (!_recovery.Ids().Contains(id, StringComparer.Ordinal))
            {
                return false;
            }

            await _recovery.DiscardAsync(id, cancellation);
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>Second servers do not outlive the first, nor a crash of ours.</summary>
    internal async Task DiscardAllAsync(CancellationToken cancellation)
    {
        foreach (var id in _recovery.Ids())
        {
            await DiscardAsync(id, cancellation);
        }
    }

    /// <summary>Makes a copy now. The keeper does so by itself once a day.</summary>
    internal Task<BaseBackup> CopyAsync(CancellationToken cancellation) => BaseBackupWriter.WriteAsync(_admin, _folders.Data, _folder, _time, cancellation);

    private async Task KeepAsync(CancellationToken stopping)
    {
        try
        {
            if (await WhyOffAsync(stopping) is null && (_folder.Copies() is not [.., var newest] || _time.GetUtcNow() - newest.CompleteAt >= _settings.BaseEvery))
            {
                var copy = await CopyAsync(stopping);
                LogCopied(_logger, copy.Path, copy.Bytes);
            }

            foreach (var path in ArchiveRules.Superfluous(_folder.Copies(), _folder.Segments(), _time.GetUtcNow(), _settings))
            {
                File.Delete(path);
            }
        }
        catch (Exception failed) when (failed is NpgsqlException or TimeoutException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            LogFailed(_logger, failed);
        }
    }

    private async Task<string?> WhyOffAsync(CancellationToken cancellation)
    {
        if (!_settings.IsOn)
        {
            return "No archive is kept; SLIPWAY_ARCHIVE_DAYS sets how many days it goes back.";
        }

        await using var ask = _admin.CreateCommand("show archive_mode");
        return await ask.ExecuteScalarAsync(cancellation) is "on"
            ? null
            : "The running PostgreSQL was started without an archive, or gzip is not installed; it begins when PostgreSQL is started anew (slipway down, slipway up).";
    }

    /// <summary>Everything that was committed until now is in the archive afterwards, and after it something a recovery can stop at.</summary>
    private async Task<Failure?> PutAwayAsync(CancellationToken cancellation)
    {
        await using var connection = await _admin.OpenConnectionAsync(cancellation);
        await using (var mark = new NpgsqlCommand("select pg_current_xact_id()", connection))
        {
            await mark.ExecuteScalarAsync(cancellation);
        }

        await using var turn = new NpgsqlCommand("select pg_walfile_name(pg_switch_wal())", connection);
        var segment = (string)(await turn.ExecuteScalarAsync(cancellation))!;
        var begun = _time.GetTimestamp();
        while (!File.Exists(Path.Combine(_folder.Log, segment + WalFile.Ending)))
        {
            if (_time.GetElapsedTime(begun) > s_archivedWithin)
            {
                return new Failure(FailureKind.Unavailable, "archive-behind", $"The log is not put away into {_folder.Log}; PostgreSQL's own log says why, most likely the disk is full.");
            }

            await Task.Delay(s_pause, _time, cancellation);
        }

        return null;
    }

    [LoggerMessage(EventId = 3131, Level = LogLevel.Information, Message = "The databases were copied to {Path} ({Bytes} bytes)")]
    private static partial void LogCopied(ILogger logger, string path, long bytes);

    [LoggerMessage(EventId = 3132, Level = LogLevel.Warning, Message = "The databases could not be copied or their archive tidied; it is tried again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
