namespace Slipway.Store.Postgres;

/// <summary>What a server that did not start had to say. Its earliest words go to one file, all later ones to another.</summary>
internal static class PostgresLog
{
    private const int TailBytes = 8 * 1024;
    private const int LinesMax = 4;

    private static readonly string[] s_telling = ["FATAL:", "PANIC:", "HINT:", "DETAIL:", "could not bind"];

    public static string LastWords(string folder)
    {
        var lines = new DirectoryInfo(folder).EnumerateFiles("*.log")
            .OrderByDescending(file => file.LastWriteTimeUtc)
            .Take(2)
            .Reverse()
            .SelectMany(Tail)
            .Where(line => s_telling.Any(word => line.Contains(word, StringComparison.Ordinal)))
            .Where(line => !line.Contains("Future log output", StringComparison.Ordinal));
        return string.Join(" | ", lines.TakeLast(LinesMax));
    }

    private static IEnumerable<string> Tail(FileInfo file)
    {
        using var log = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        log.Seek(-Math.Min(TailBytes, log.Length), SeekOrigin.End);
        using var reader = new StreamReader(log);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
