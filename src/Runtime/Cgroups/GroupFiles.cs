using System.Globalization;
using System.Text;

namespace Slipway.Runtime.Cgroups;

/// <summary>Reads and writes the one-line files of control groups. A file that is missing or refuses is an answer, not an error.</summary>
internal static class GroupFiles
{
    public static bool TryWrite(string path, string text)
    {
        try
        {
            // One write call with the whole value; the kernel takes each call as a value of its own.
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            RandomAccess.Write(file, Encoding.ASCII.GetBytes(text), 0);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static long? TryReadNumber(string path) =>
        long.TryParse(TryRead(path)?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The number behind a key in a file of lines <c>key number</c>.</summary>
    public static long? TryReadKey(string path, string key)
    {
        foreach (var line in (TryRead(path) ?? "").Split('\n'))
        {
            if (line.Length > key.Length && line[key.Length] == ' ' && line.StartsWith(key, StringComparison.Ordinal)
                && long.TryParse(line.AsSpan(key.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }
        }

        return null;
    }

    public static IReadOnlyList<int> ReadPids(string path) =>
    [
        .. (TryRead(path) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture)),
    ];

    public static bool TryMakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Groups are removed like empty folders although they show files.</summary>
    public static bool TryRemoveFolder(string path)
    {
        try
        {
            if (!Directory.Exists(path))
            {
                return true;
            }

            foreach (var child in Directory.GetDirectories(path))
            {
                TryRemoveFolder(child);
            }

            Directory.Delete(path);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
