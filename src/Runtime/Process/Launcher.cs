using System.ComponentModel;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;
using Slipway.Model.Failures;
using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Process;

/// <param name="User">Uid and gid to become; null stays who we are.</param>
/// <param name="Joins">Files of control groups to write "0" into.</param>
/// <param name="Output">File that takes stdout; null throws it away.</param>
internal sealed record LaunchOrder(LaunchPlan Plan, InstanceUser? User, IReadOnlyList<string> Joins, string? Output, string? Error);

/// <summary>
/// Starts what a plan says. The first thing executed is a shell that joins the control groups, sets the limits, steps
/// into the folder and then <em>becomes</em> the program: the pid is the program's, and it never ran a moment outside
/// its limits. The shell already runs as the instance's user; what only we may open is handed to it open.
/// </summary>
internal sealed partial class Launcher
{
    // $1 one more than the last descriptor of a control group (they begin at 3), $2 open files, $3 folder, then the command.
    private const string Script =
        """
        i=3
        while [ "$i" -lt "$1" ]; do eval "echo 0 >&$i && exec $i>&-" || exit 125; i=$((i + 1)); done
        umask 022
        ulimit -c 0
        ulimit -n "$2" 2>/dev/null || ulimit -n "$(ulimit -H -n)"
        cd -- "$3" || exit 126
        shift 3
        unset PWD OLDPWD SHLVL i
        exec "$@"
        """;

    private const int OpenFilesResource = 7;

    private static readonly string? s_bash = FirstOf("/bin/bash", "/usr/bin/bash");
    private readonly int _openFilesMax;

    public Launcher(int openFilesMax)
    {
        _openFilesMax = openFilesMax;

        // Children cannot raise what we hand down, so we take the room ourselves, where we may.
        if (LibC.GetLimit(OpenFilesResource, out var limit) == 0 && limit.Hard < (nuint)openFilesMax)
        {
            _ = LibC.SetLimit(OpenFilesResource, new LibC.ResourceLimit { Soft = limit.Soft, Hard = (nuint)openFilesMax });
        }
    }

    public Outcome<int> Launch(LaunchOrder order)
    {
        var odd = order.Plan.Environment.FirstOrDefault(variable => !Identifier.IsMatch(variable.Key)).Key;
        if (odd is not null && s_bash is null)
        {
            return new Failure(FailureKind.Invalid, "spawn-failed", $"The variable '{odd}' is not a plain name; passing it on needs bash, which this host lacks. Install bash or rename it.");
        }

        // A POSIX shell drops variables whose names it cannot use itself; bash hands them on.
        var shell = odd is null ? "/bin/sh" : s_bash!;
        List<string> argv =
        [
            shell,
            .. odd is null ? Array.Empty<string>() : ["--norc", "--noprofile", "-p"],
            "-c", Script, "slipway-launch", $"{3 + order.Joins.Count}", $"{_openFilesMax}", order.Plan.WorkingDirectory,
            .. order.Plan.Argv,
        ];
        var handles = new List<SafeFileHandle>();
        try
        {
            handles.Add(OpenForAppend(order.Output, order.User));
            handles.Add(OpenForAppend(order.Error, order.User));
            foreach (var join in order.Joins)
            {
                handles.Add(File.OpenHandle(join, FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
            }

            return Spawner.Spawn(shell, argv, order.Plan.Environment, handles, order.User);
        }
        catch (Win32Exception exception)
        {
            return new Failure(FailureKind.Unavailable, "spawn-failed", $"'{order.Plan.Argv[0]}' could not be started: {exception.Message}.");
        }
        finally
        {
            handles.ForEach(handle => handle.Dispose());
        }
    }

    private static SafeFileHandle OpenForAppend(string? path, InstanceUser? user)
    {
        // Appending is a property of the open file, so it survives the hand-over and whatever we do to the file.
        var handle = LibC.OpenAppending(path ?? "/dev/null");
        if (path is not null && user is { } owner)
        {
            // Programs reopen /dev/stdout; that asks for the rights of the file behind it.
            _ = LibC.ChangeOwner(path, (uint)owner.Id, (uint)owner.Group);
        }

        return handle;
    }

    private static string? FirstOf(params string[] paths) => paths.FirstOrDefault(File.Exists);

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier { get; }
}
