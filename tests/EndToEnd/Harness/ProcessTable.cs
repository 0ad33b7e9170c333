using System.Diagnostics;
using System.Globalization;

namespace Slipway.EndToEnd.Tests.Harness;

/// <summary>Finds what a cloud has left running, by what the kernel says and not by what the product remembers.</summary>
internal static class ProcessTable
{
    /// <summary>Processes whose command line, environment or working folder names the state folder.</summary>
    public static IReadOnlyList<int> WithMarker(string folder) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId && IsAlive(id) && Names(id, folder))];

    public static void Kill(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill();
            process.WaitForExit(TimeSpan.FromSeconds(10));
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            // It ended by itself meanwhile, which is what was asked for.
        }
    }

    public static bool IsAlive(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Names(int processId, string folder) =>
        Contains($"/proc/{processId}/cmdline", folder) || Contains($"/proc/{processId}/environ", folder);

    private static bool Contains(string file, string text)
    {
        try
        {
            return File.ReadAllText(file).Contains(text, StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
