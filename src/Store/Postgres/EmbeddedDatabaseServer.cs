using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Model.Failures;
using Slipway.Store.Archiving;

namespace Slipway.Store.Postgres;

/// <summary>
/// Our own PostgreSQL below the state folder. It outlives a killed slipwayd on purpose: services keep their databases, and the
/// next slipwayd adopts the running server instead of fighting it.
/// </summary>
internal sealed partial class EmbeddedDatabaseServer(DatabaseOptions options, TimeProvider time, ILogger logger) : DatabaseServer
{
    private const int PortsTried = 5;

    private PostgresSupervisor? _supervisor;
    private PostgresControl? _control;
    private FolderLock? _lock;
    private NpgsqlDataSource? _platform;
    private NpgsqlDataSource? _admin;
    private NpgsqlConnectionStringBuilder? _platformAddress;
    private DatabaseArchive? _archive;
    private int _port;

    public override string Host => "127.0.0.1";

    public override int Port => _port;

    public override bool IsEmbedded => true;

    public override NpgsqlDataSource Platform => _platform ?? throw NotStarted();

    public override NpgsqlDataSource AdminDataSource => _admin ?? throw NotStarted();

    public override DatabaseArchive? Archive => _archive;

    internal override string Name => $"the embedded PostgreSQL on port {Port}";

    /// <summary>The running server, for tests that kill it.</summary>
    internal int ProcessId => _supervisor?.Current.Pid ?? throw NotStarted();

    /// <summary>Whether a server that was running already was taken over.</summary>
    internal bool Adopted { get; private set; }

    public override async Task<Failure?> StartAsync(CancellationToken cancellation)
    {
        if (_supervisor is not null)
        {
            throw new InvalidOperationException("The database server is started already.");
        }

        try
        {
            var failure = await StartServerAsync(cancellation) ?? await PrepareAsync(cancellation);
            if (failure is not null)
            {
                await StopAsync(cancellation);
            }

            return failure;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await StopAsync(cancellation);
            return new Failure(
                FailureKind.Unavailable,
                "postgres-folder",
                $"The folder {options.StateFolder} cannot be used for PostgreSQL: {exception.Message} Make it writable, or set SLIPWAY_HOME to another one.");
        }
    }

    public override string ConnectionStringFor(string database, string role, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = Host,
        Port = Port,
        Database = database,
        Username = role,
        Password = password,
    }.ConnectionString;

    internal override NpgsqlDataSource UnpooledPlatform() => DataSources.Unpooled(_platformAddress ?? throw NotStarted());

    public override async Task StopAsync(CancellationToken cancellation)
    {
        if (_archive is { } archive)
        {
            _archive = null;
            await archive.DiscardAllAsync(cancellation);
            archive.Dispose();
        }

        if (_supervisor is { } supervisor)
        {
            await supervisor.DisposeAsync();
            _supervisor = null;
        }

        foreach (var source in new[] { _platform, _admin })
        {
            if (source is not null)
            {
                await source.DisposeAsync();
            }
        }

        if (_control is { } control)
        {
            _control = null;
            if (!await control.StopAsync(cancellation))
            {
                LogNotStopped(logger);
            }
        }

        _lock?.Dispose();
        _lock = null;
    }

    /// <summary>Lets go of the server without stopping it, as the death of this process would.</summary>
    internal async Task AbandonAsync()
    {
        _control = null;
        await StopAsync(CancellationToken.None);
    }

    public override async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private async Task<Failure?> StartServerAsync(CancellationToken cancellation)
    {
        if (PostgresRelease.Platform() is null)
        {
            return InstallFailures.NoBinaries();
        }

        var folders = new PostgresFolders(options.StateFolder);
        Directory.CreateDirectory(folders.Home);
        _lock = FolderLock.Try(folders.Lock);
        if (_lock is null)
        {
            return new Failure(FailureKind.Unavailable, "postgres-in-use", $"Another slipwayd uses {folders.State}. Stop it, or set SLIPWAY_HOME to another folder.");
        }

        var account = await PostgresAccount.ResolveAsync(time, cancellation);
        if (account.Failure is { } noAccount)
        {
            return noAccount;
        }

        folders.Create(account.Value);
        var binaries = await new PostgresInstaller(Path.GetFullPath(options.ToolsFolder), options.SearchPath, time, logger).InstallAsync(cancellation);
        if (binaries.Failure is { } notInstalled)
        {
            return notInstalled;
        }

        var archive = new ArchiveFolder(folders.Archive);
        var archiving = options.Archive.IsOn && Tool.Find("gzip", options.SearchPath) is not null;
        if (archiving)
        {
            Directory.CreateDirectory(archive.Log);
            account.Value.Own(archive.Log);
        }

        var control = new PostgresControl(folders, binaries.Value, account.Value, time, archiving ? PostgresSettings.Archiving(archive.Log) : "");
        foreach (var needed in new[] { folders.Server, binaries.Value.BinFolder })
        {
            if (await control.FirstImpassableAsync(needed, cancellation) is { } closed)
            {
                return Impassable(closed, needed);
            }
        }

        var adminPassword = PostgresFolders.Password(folders.AdminPassword);
        if (!folders.IsInitialised && await control.InitialiseAsync(adminPassword, cancellation) is { } notMade)
        {
            return notMade;
        }

        if (OtherMajor(folders) is { } other)
        {
            return other;
        }

        var started = await AdoptOrStartAsync(folders, control, cancellation);
        if (started.Failure is { } notStarted)
        {
            return notStarted;
        }

        _control = control;
        _port = started.Value.Port;
        _supervisor = new PostgresSupervisor(started.Value, control, time, logger);
        _admin = DataSources.Of(Address(folders, PostgresNames.AdminDatabase, PostgresNames.Admin, adminPassword), connectionsMax: 4);
        _platformAddress = Address(folders, PostgresNames.Platform, PostgresNames.Platform, PostgresFolders.Password(folders.PlatformPassword));
        _platform = DataSources.Of(_platformAddress, connectionsMax: 20);
        _archive = new DatabaseArchive(
            options.Archive, archive, folders, _admin, new Recovery(folders, archive, binaries.Value, account.Value, adminPassword, time), time, logger);
        return null;
    }

    private async Task<Outcome<Postmaster>> AdoptOrStartAsync(PostgresFolders folders, PostgresControl control, CancellationToken cancellation)
    {
        if (Postmaster.Find(folders) is { } running)
        {
            LogAdopted(logger, running.Pid, running.Port);
            Adopted = true;
            running.Record(folders);
            return running;
        }

        Outcome<Postmaster> started = default;
        for (var attempt = 1; attempt <= PortsTried; attempt++)
        {
            var port = Postmaster.LastPort(folders) is { } last && attempt == 1 && PostgresControl.IsFree(last) ? last : PostgresControl.FreePort();
            started = await control.StartAsync(port, cancellation);
            if (started.Failure?.Code != "postgres-port-taken")
            {
                break;
            }
        }

        if (started.Succeeded)
        {
            LogStarted(logger, started.Value.Pid, started.Value.Port);
        }

        return started;
    }

    /// <summary>Makes the platform's own role and database; run at every start, so that a kill half-way heals.</summary>
    private async Task<Failure?> PrepareAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await AdminDataSource.OpenConnectionAsync(cancellation);
            await PlatformDatabase.EnsureAsync(connection, _platformAddress!.Password!, cancellation);
            return null;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return ConnectionFailures.Explain(exception, Name, PostgresNames.Admin, PostgresNames.AdminDatabase);
        }
    }

    private NpgsqlConnectionStringBuilder Address(PostgresFolders folders, string database, string role, string password) => new()
    {
        // The socket saves a fifth of the cost of TCP.
        Host = folders.Socket ?? Host,
        Port = Port,
        Database = database,
        Username = role,
        Password = password,
    };

    private static Failure? OtherMajor(PostgresFolders folders)
    {
        var made = File.ReadAllText(Path.Combine(folders.Data, "PG_VERSION")).Trim();
        return made == PostgresRelease.Major.ToString(CultureInfo.InvariantCulture)
            ? null
            : new Failure(
                FailureKind.Unavailable,
                "postgres-other-version",
                $"{folders.Data} was made by PostgreSQL {made}, this Slipway runs {PostgresRelease.Major}. Dump it with the old version and restore it, or move the folder away to begin anew.");
    }

    private static Failure Impassable(string closed, string needed) => new(
        FailureKind.Unavailable,
        "postgres-folder-closed",
        $"PostgreSQL does not run as root, and its account {PostgresAccount.Name} may not pass {closed} on the way to {needed}. Run \"chmod o+x {closed}\", or set {(needed.Contains("node_modules", StringComparison.Ordinal) ? "SLIPWAY_TOOLS" : "SLIPWAY_HOME")} to a folder everybody can pass, for example below /var/lib.");

    private static InvalidOperationException NotStarted() => new("The database server is not started.");

    [LoggerMessage(EventId = 3111, Level = LogLevel.Information, Message = "PostgreSQL runs as process {Pid} on port {Port}")]
    private static partial void LogStarted(ILogger logger, int pid, int port);

    [LoggerMessage(EventId = 3112, Level = LogLevel.Information, Message = "PostgreSQL was running already as process {Pid} on port {Port}; adopted")]
    private static partial void LogAdopted(ILogger logger, int pid, int port);

    [LoggerMessage(EventId = 3113, Level = LogLevel.Warning, Message = "PostgreSQL did not stop in time; the next start will take it over")]
    private static partial void LogNotStopped(ILogger logger);
}
