namespace Slipway.Registry.Unpacking;

/// <summary>
/// A folder that is being filled from an archive nobody trusts. Every path is walked part by part from the root and links are
/// resolved by hand, as a process with this root would see them, so that no write ever follows a link out of the folder.
/// </summary>
internal sealed class RootedFolder(string root)
{
    private const int LinksMax = 40;

    public string Root => root;

    /// <summary>The real path of a name whose last part is not followed. Folders on the way are made when they are missing.</summary>
    public string Place(string[] parts, bool makeFolders)
    {
        if (parts.Length == 0)
        {
            return root;
        }

        var folder = Follow(parts.AsSpan(0, parts.Length - 1), makeFolders);
        return Path.Combine(folder, parts[^1]);
    }

    /// <summary>The real path of an existing folder, links followed inside the root.</summary>
    public string Follow(ReadOnlySpan<string> parts, bool makeFolders)
    {
        var pending = new Stack<string>();
        for (var index = parts.Length - 1; index >= 0; index--)
        {
            pending.Push(parts[index]);
        }

        var walked = new List<string>();
        var links = 0;
        while (pending.TryPop(out var part))
        {
            if (part == "..")
            {
                // A process with this root that goes above it stays at it, and so do we.
                if (walked.Count > 0)
                {
                    walked.RemoveAt(walked.Count - 1);
                }

                continue;
            }

            walked.Add(part);
            var path = PathOf(walked);
            var info = new FileInfo(path);
            if (info.LinkTarget is { } target)
            {
                if (++links > LinksMax)
                {
                    throw new UnpackRefusedException($"more than {LinksMax} links lead to '{string.Join('/', parts)}'");
                }

                walked.RemoveAt(walked.Count - 1);
                if (target.StartsWith('/'))
                {
                    walked.Clear();
                }

                foreach (var step in target.Split('/').Reverse().Where(step => step.Length > 0 && step != "."))
                {
                    pending.Push(step);
                }

                if (pending.Count > 4096)
                {
                    throw new UnpackRefusedException("links unfold into an endless path");
                }
            }
            else if (!Directory.Exists(path))
            {
                if (!makeFolders)
                {
                    return path;
                }

                // A later layer may turn what was a file into a folder.
                File.Delete(path);
                Directory.CreateDirectory(path);
            }
        }

        return PathOf(walked);
    }

    /// <summary>Removes whatever has this real path, without following it when it is a link.</summary>
    public static void Remove(string path)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is null && Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else if (info.LinkTarget is not null || info.Exists)
        {
            File.Delete(path);
        }
    }

    private string PathOf(List<string> parts) => parts.Count == 0 ? root : Path.Combine(root, Path.Combine([.. parts]));
}
