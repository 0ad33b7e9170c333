using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Npgsql;

namespace Slipway.Store.Archiving;

/// <summary>Copies the data folder of a running server, which PostgreSQL allows between two calls in one session.</summary>
internal static class BaseBackupWriter
{
    /// <summary>Folders whose content a recovery makes itself.</summary>
    private static readonly HashSet<string> s_emptied = new(StringComparer.Ordinal)
    {
        "pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans",
    };

    /// <summary>Files that speak of the running process.</summary>
    private static readonly HashSet<string> s_left = new(StringComparer.Ordinal) { "postmaster.pid", "postmaster.opts", "current_logfiles", "backup_label", "tablespace_map" };

    public static async Task<BaseBackup> WriteAsync(NpgsqlDataSource admin, string data, ArchiveFolder archive, TimeProvider time, CancellationToken cancellation)
    {
        Directory.CreateDirectory(archive.Bases);
        var staged = Path.Combine(archive.Bases, $"{Guid.NewGuid():N}{ArchiveFolder.Unfinished}");
        try
        {
            await using var connection = await admin.OpenConnectionAsync(cancellation);
            var first = await FirstSegmentAsync(connection, cancellation);
            string label;
            await using (var file = new FileStream(staged, Private()))
            {
                await using (var packed = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
                await using (var tar = new TarWriter(packed, TarEntryFormat.Pax, leaveOpen: true))
                {
                    await CopyAsync(tar, data, cancellation);
                    label = await StopAsync(connection, cancellation);
                    using var text = new MemoryStream(Encoding.UTF8.GetBytes(label));
                    await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "backup_label") { DataStream = text, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite }, cancellation);
                }

                file.Flush(flushToDisk: true);
            }

            var completeAt = time.GetUtcNow();
            var path = Path.Combine(archive.Bases, BaseBackup.NameOf(completeAt, first));
            File.Move(staged, path);
            return new BaseBackup(path, completeAt, first, new FileInfo(path).Length);
        }
        finally
        {
            File.Delete(staged);
        }
    }

    private static async Task CopyAsync(TarWriter tar, string data, CancellationToken cancellation)
    {
        foreach (var entry in Walk(data, ""))
        {
            cancellation.ThrowIfCancellationRequested();
            var full = Path.Combine(data, entry);
            if (Directory.Exists(full))
            {
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, entry + "/") { Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute }, cancellation);
                continue;
            }

            FileStream file;
            try
            {
                file = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            }
            catch (FileNotFoundException)
            {
                // Dropped since it was listed; the log knows.
                continue;
            }

            await using var steady = new SteadyFile(file);
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, entry) { DataStream = steady, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite }, cancellation);
        }
    }

    private static IEnumerable<string> Walk(string data, string below)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(Path.Combine(data, below)).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            var entry = below.Length == 0 ? name : $"{below}/{name}";
            if ((below.Length == 0 && s_left.Contains(name)) || name.StartsWith("pgsql_tmp", StringComparison.Ordinal))
            {
                continue;
            }

            yield return entry;
            if (Directory.Exists(path) && !(below.Length == 0 && s_emptied.Contains(name)))
            {
                foreach (var inner in Walk(data, entry))
                {
                    yield return inner;
                }
            }
        }
    }

    private static async Task<string> FirstSegmentAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var start = new NpgsqlCommand("select pg_walfile_name(pg_backup_start('slipway', true))", connection) { CommandTimeout = 300 };
        return (string)(await start.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Returns once the log that belongs to the copy is in the archive.</summary>
    private static async Task<string> StopAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var stop = new NpgsqlCommand("select labelfile from pg_backup_stop(true)", connection) { CommandTimeout = 300 };
        return (string)(await stop.ExecuteScalarAsync(cancellation))!;
    }

    private static FileStreamOptions Private()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
