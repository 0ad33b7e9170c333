using System.Globalization;

namespace Slipway.Telemetry.Metrics.Journal;

/// <summary>The write-ahead files of a folder, named by generation and part.</summary>
internal static class JournalFiles
{
    private const string Ending = ".wal";

    public static string Path(string folder, long generation, int part) =>
        System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{generation:D10}-{part:D6}{Ending}"));

    /// <summary>In the order they were written.</summary>
    public static List<(string Path, long Generation, int Part)> In(string folder)
    {
        var files = new List<(string Path, long Generation, int Part)>();
        if (!Directory.Exists(folder))
        {
            return files;
        }

        foreach (var path in Directory.EnumerateFiles(folder, "*" + Ending))
        {
            var name = System.IO.Path.GetFileNameWithoutExtension(path).Split('-');
            if (name.Length == 2
                && long.TryParse(name[0], NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
                && int.TryParse(name[1], NumberStyles.None, CultureInfo.InvariantCulture, out var part))
            {
                files.Add((path, generation, part));
            }
        }

        files.Sort((one, other) => (one.Generation, one.Part).CompareTo((other.Generation, other.Part)));
        return files;
    }
}
