using System.Globalization;

namespace Slipway.Store.Installation;

/// <summary>Tells a process from a later one that got the same id.</summary>
public static class ProcessIdentity
{
    private const int StartTimeField = 22;
    private const int StateField = 3;

    /// <summary>Clock ticks since boot at which the process started, or -1 when there is none (or only its corpse).</summary>
    public static long StartedTicks(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            // The name in field 2 may hold blanks and brackets; everything after the last bracket is regular.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var isCorpse = fields[StateField - 3] is "Z" or "X";
            return isCorpse ? -1 : long.Parse(fields[StartTimeField - 3], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return -1;
        }
    }
}
