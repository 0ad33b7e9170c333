using System.Formats.Tar;
using System.IO.Compression;
using Npgsql;
using Slipway.Model.Failures;
using Slipway.Store.Postgres;

namespace Slipway.Store.Archiving;

/// <summary>A second server that holds what the first one held at a moment. It is there to be read and goes when it is discarded.</summary>
/// <param name="Moment">What it was taken back to.</param>
public sealed record RecoveredServer(string Id, DateTimeOffset Moment, int Port);

/// <summary>Makes second servers out of the archive, beside the first one and without touching it.</summary>
internal sealed class Recovery(PostgresFolders folders, ArchiveFolder archive, PostgresBinaries binaries, PostgresAccount account, string adminPassword, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    public async Task<Outcome<RecoveredServer>> StartAsync(BaseBackup copy, DateTimeOffset moment, CancellationToken cancellation)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N")[..12];
        var second = new PostgresFolders(Path.Combine(folders.Recovered, id));
        try
        {
            second.Create(account);
            Unpack(copy.Path, second.Data, cancellation);
            await File.WriteAllTextAsync(Path.Combine(second.Data, "recovery.signal"), "", cancellation);
            account.OwnAll(second.Data);
            var control = Control(second, PostgresSettings.Recovering(archive.Log, moment));
            var started = await control.StartAsync(PostgresControl.FreePort(), cancellation);
            var failure = started.Failure ?? await PlayedBackAsync(started.Value.Port, cancellation);
            if (failure is null)
            {
                return new RecoveredServer(id, moment, started.Value.Port);
            }

            await DiscardAsync(id, CancellationToken.None);
            return failure;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await DiscardAsync(id, CancellationToken.None);
            return new Failure(FailureKind.Unavailable, "recovery-failed", $"The archive cannot be unpacked into {second.State}: {trouble.Message}");
        }
        catch (OperationCanceledException)
        {
            await DiscardAsync(id, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Stops it and removes what it lies in. One that is not there is discarded already.</summary>
    public async Task DiscardAsync(string id, CancellationToken cancellation)
    {
        var second = new PostgresFolders(Path.Combine(folders.Recovered, id));
        if (Postmaster.Find(second) is not null)
        {
            await Control(second, "").StopAsync(cancellation);
        }

        Directory.Delete(second.State, recursive: true);
    }

    public IReadOnlyList<string> Ids() =>
        Directory.Exists(folders.Recovered) ? [.. Directory.EnumerateDirectories(folders.Recovered).Select(path => Path.GetFileName(path))] : [];

    private PostgresControl Control(PostgresFolders second, string more) => new(second, binaries, account, time, more);

    /// <summary>It takes connections as soon as it is consistent, which is before it has arrived at the moment.</summary>
    private async Task<Failure?> PlayedBackAsync(int port, CancellationToken cancellation)
    {
        var address = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1", Port = port, Database = PostgresNames.AdminDatabase, Username = PostgresNames.Admin, Password = adminPassword, Pooling = false,
        };
        var begun = time.GetTimestamp();
        while (time.GetElapsedTime(begun) < s_patience)
        {
            try
            {
                await using var connection = new NpgsqlConnection(address.ConnectionString);
                await connection.OpenAsync(cancellation);
                await using var ask = new NpgsqlCommand("select pg_is_in_recovery()", connection);
                if (await ask.ExecuteScalarAsync(cancellation) is false)
                {
                    return null;
                }
            }
            catch (NpgsqlException failed) when (!PostgresControl.IsFree(port) && failed.IsTransient)
            {
                // It is on its way.
            }
            catch (NpgsqlException failed)
            {
                return new Failure(FailureKind.Unavailable, "recovery-failed", $"The archive cannot be played back to that moment: {failed.Message}");
            }

            await Task.Delay(s_look, time, cancellation);
        }

        return new Failure(FailureKind.Unavailable, "recovery-failed", $"Playing the archive back took longer than {s_patience.TotalMinutes:0} minutes.");
    }

    private static void Unpack(string copy, string data, CancellationToken cancellation)
    {
        MakeFolder(data);

        using var packed = new GZipStream(File.OpenRead(copy), CompressionMode.Decompress);
        using var tar = new TarReader(packed);
        while (tar.GetNextEntry() is { } entry)
        {
            cancellation.ThrowIfCancellationRequested();
            var path = Path.Combine(data, entry.Name.TrimEnd('/'));
            if (entry.EntryType == TarEntryType.Directory)
            {
                MakeFolder(path);
            }
            else
            {
                entry.ExtractToFile(path, overwrite: false);
            }
        }
    }

    /// <summary>PostgreSQL refuses folders that others can read.</summary>
    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
