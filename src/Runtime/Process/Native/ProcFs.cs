using System.Globalization;
using System.Text;

namespace Slipway.Runtime.Process.Native;

/// <summary>A process for sure: a pid alone is given again and again.</summary>
internal readonly record struct ProcessIdentity(int Pid, long StartTime);

internal readonly record struct ProcessStatus(ProcessIdentity Identity, char State, int ParentPid, int Group, int Session, TimeSpan CpuTime, long MemoryBytes)
{
    /// <summary>A zombie runs nothing any more; it only waits for its parent to ask.</summary>
    public bool IsAlive => State is not ('Z' or 'X');
}

/// <summary>What <c>/proc</c> says about processes.</summary>
internal static class ProcFs
{
    private const int TicksPerSecond = 100;

    public static string BootId { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    public static ProcessIdentity? Identify(int pid) => Read(pid) is { } status ? status.Identity : null;

    public static ProcessStatus? Read(int pid)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        // The name may contain spaces and brackets, so counting starts after the last bracket.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return fields.Length < 22
            ? null
            : new ProcessStatus(
                new ProcessIdentity(pid, Number(fields[19])),
                fields[0][0],
                (int)Number(fields[1]),
                (int)Number(fields[2]),
                (int)Number(fields[3]),
                TimeSpan.FromSeconds((Number(fields[11]) + Number(fields[12])) / (double)TicksPerSecond),
                Number(fields[21]) * Environment.SystemPageSize);
    }

    public static IEnumerable<int> Pids()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                yield return pid;
            }
        }
    }

    /// <summary>The environment a process was started with; empty when it is not ours to read or gone.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> EnvironmentOf(int pid)
    {
        try
        {
            var bytes = File.ReadAllBytes($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/environ");
            return
            [
                .. Encoding.UTF8.GetString(bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries)
                    .Select(entry => entry.Split('=', 2))
                    .Where(parts => parts.Length == 2)
                    .Select(parts => KeyValuePair.Create(parts[0], parts[1])),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static long Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
