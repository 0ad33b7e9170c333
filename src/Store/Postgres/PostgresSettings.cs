using System.Globalization;
using Slipway.Store.Archiving;

namespace Slipway.Store.Postgres;

/// <summary>
/// PostgreSQL's configuration. It lies outside the data folder and is written anew at every start, so that upgrading
/// Slipway upgrades the settings too.
/// </summary>
internal static class PostgresSettings
{
    public const string HostAccess = """
        # Written by Slipway at every start. Everybody shows a password, even over the socket.
        local all all scram-sha-256
        host all all 127.0.0.1/32 scram-sha-256
        host all all ::1/128 scram-sha-256

        """;

    /// <summary>Every finished piece of the log goes into the archive, a minute after it was begun at the latest; under its own name only once it is on the disk.</summary>
    public static string Archiving(string folder)
    {
        var file = $"{ShellQuoted(folder)}/%f{WalFile.Ending}";
        return $"""

            archive_mode = on
            archive_timeout = '60s'
            archive_command = {Quoted($"gzip -1 -c \"%p\" > {file}{ArchiveFolder.Unfinished} && sync {file}{ArchiveFolder.Unfinished} && mv {file}{ArchiveFolder.Unfinished} {file}")}

            """;
    }

    /// <summary>A second server that plays the archive back up to a moment and then is one like any other.</summary>
    public static string Recovering(string folder, DateTimeOffset to) => $"""

        archive_mode = off
        restore_command = {Quoted($"gunzip -c {ShellQuoted(folder)}/%f{WalFile.Ending} > \"%p\"")}
        recovery_target_time = '{to.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00'
        recovery_target_action = 'promote'

        """;

    public static string Text(PostgresFolders folders, int port, string more) => $"""
        # Written by Slipway at every start. Small on purpose: it shares a machine with the services it serves.
        data_directory = {Quoted(folders.Data)}
        hba_file = {Quoted(folders.HostAccess)}
        cluster_name = 'slipway'
        listen_addresses = '127.0.0.1'
        port = {port.ToString(CultureInfo.InvariantCulture)}
        unix_socket_directories = {Quoted(folders.Socket ?? "")}
        password_encryption = 'scram-sha-256'

        max_connections = 500
        shared_buffers = '64MB'
        work_mem = '4MB'
        maintenance_work_mem = '32MB'
        wal_buffers = '2MB'
        min_wal_size = '80MB'
        max_wal_size = '512MB'
        max_worker_processes = 4
        max_parallel_workers = 2
        max_parallel_workers_per_gather = 0
        io_method = 'sync'
        jit = off

        # What was acknowledged survives a power cut.
        fsync = on
        full_page_writes = on
        synchronous_commit = on

        # Services are frozen and thawed; a connection whose peer is gone must not hold locks for hours.
        tcp_keepalives_idle = 60
        tcp_keepalives_interval = 15
        tcp_keepalives_count = 4
        idle_in_transaction_session_timeout = '10min'

        timezone = 'UTC'
        log_timezone = 'UTC'
        lc_messages = 'C'
        datestyle = 'iso, ymd'

        # One file per weekday, overwritten after a week.
        logging_collector = on
        log_directory = {Quoted(folders.Log)}
        log_filename = 'postgres-%a.log'
        log_rotation_age = '1d'
        log_rotation_size = 0
        log_truncate_on_rotation = on
        log_line_prefix = '%m [%p] %q%u@%d '
        {more}
        """;

    private static string ShellQuoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal)}'";

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
