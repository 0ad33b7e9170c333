using System.Globalization;

namespace Slipway.Store.Installation;

/// <summary>What <c>/proc/PID/stat</c> says of a process.</summary>
internal readonly record struct ProcessStat(string Name, bool IsZombie, long StartedTicks)
{
    /// <summary>Null when there is no such process.</summary>
    public static ProcessStat? Of(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");

            // The name stands in parentheses and may itself contain anything, so the last one closes it.
            var open = text.IndexOf('(', StringComparison.Ordinal);
            var close = text.LastIndexOf(')');
            var fields = text[(close + 2)..].Split(' ');
            return new ProcessStat(
                text[(open + 1)..close],
                fields[0] is "Z" or "X",
                long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
