using System.Runtime.InteropServices;

namespace Slipway.Cli.Up;

internal static partial class Signals
{
    private const int TerminateSignal = 15;

    /// <summary>Asks a process to end (SIGTERM). False when there is no such process.</summary>
    public static bool Terminate(int processId) => Kill(processId, TerminateSignal) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
