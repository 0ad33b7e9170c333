namespace Slipway.Registry.Unpacking;

/// <summary>Reads the names in an archive. Pure: it says where a name points, not what is there.</summary>
internal static class EntryPath
{
    private const int PathBytesMax = 4096;
    private const int PartBytesMax = 255;
    private const int DepthMax = 128;

    /// <summary>The parts of a name below the root; empty for the root itself. A leading slash means the root, as tar tools have it.</summary>
    public static string[] Split(string name)
    {
        if (name.Length > PathBytesMax)
        {
            throw new UnpackRefusedException($"a name has more than {PathBytesMax} characters");
        }

        if (name.Contains('\0', StringComparison.Ordinal))
        {
            throw new UnpackRefusedException("a name contains a zero byte");
        }

        string[] parts = [.. name.Split('/').Where(part => part.Length > 0 && part != ".")];
        if (parts.Contains("..", StringComparer.Ordinal))
        {
            throw new UnpackRefusedException($"the name '{name}' leads out of the image");
        }

        if (parts.Length > DepthMax)
        {
            throw new UnpackRefusedException($"the name '{name[..64]}…' is more than {DepthMax} folders deep");
        }

        if (parts.FirstOrDefault(part => System.Text.Encoding.UTF8.GetByteCount(part) > PartBytesMax) is { } part)
        {
            throw new UnpackRefusedException($"'{part[..32]}…' is longer than a file name may be");
        }

        return parts;
    }

    /// <summary>Whether a relative link, seen from the folder it lies in, ends above the root. Links inside links are judged when they are followed.</summary>
    public static bool LeavesRoot(string[] folder, string target)
    {
        var depth = folder.Length;
        foreach (var part in target.Split('/'))
        {
            depth += part switch
            {
                "" or "." => 0,
                ".." => -1,
                _ => 1,
            };
            if (depth < 0)
            {
                return true;
            }
        }

        return false;
    }
}
