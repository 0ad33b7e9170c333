using System.Formats.Tar;

namespace Slipway.Registry.Unpacking;

/// <summary>What an image may bring along.</summary>
/// <param name="HostProcess">
/// The files will be used on the host itself: links must stay inside, everybody may read, only the owner may write. Other
/// images get a root of their own, where absolute links are normal and owners matter.
/// </param>
internal sealed record UnpackRules(bool HostProcess, long BytesMax, int EntriesMax);

/// <summary>Lays one layer after the other over a folder.</summary>
internal sealed class LayerUnpacker(RootedFolder folder, UnpackRules rules)
{
    private const string Whiteout = ".wh.";
    private const string OpaqueWhiteout = ".wh..wh..opq";

    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode ReadableFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode ReadableFolder = ReadableFile | Executable;

    // A program that gains its owner's rights would do so for everyone on the host who can reach the folder.
    private const UnixFileMode Privileged = UnixFileMode.SetUser | UnixFileMode.SetGroup;

    private readonly Dictionary<string, UnixFileMode> _folderModes = new(StringComparer.Ordinal);
    private long _bytes;
    private int _entries;

    public async Task ApplyAsync(LayerStream layer, CancellationToken cancellation)
    {
        var fromThisLayer = new HashSet<string>(StringComparer.Ordinal);
        await using var archive = new TarReader(layer, leaveOpen: true);
        while (await archive.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            if (entry.EntryType == TarEntryType.GlobalExtendedAttributes)
            {
                continue;
            }

            if (++_entries > rules.EntriesMax)
            {
                throw new UnpackRefusedException($"it has more than {rules.EntriesMax} entries");
            }

            var parts = EntryPath.Split(entry.Name);
            if (parts.Length > 0 && parts[^1].StartsWith(Whiteout, StringComparison.Ordinal))
            {
                ApplyWhiteout(parts, fromThisLayer);
                continue;
            }

            await ApplyEntryAsync(entry, parts, fromThisLayer, cancellation);
        }
    }

    /// <summary>Folder modes come last: a folder that its owner may not write to could not be filled otherwise.</summary>
    public void Finish()
    {
        foreach (var (path, mode) in _folderModes.OrderByDescending(entry => entry.Key.Length))
        {
            if (Directory.Exists(path) && new FileInfo(path).LinkTarget is null)
            {
                File.SetUnixFileMode(path, mode);
            }
        }
    }

    private async Task ApplyEntryAsync(TarEntry entry, string[] parts, HashSet<string> fromThisLayer, CancellationToken cancellation)
    {
        if (entry.EntryType is TarEntryType.CharacterDevice or TarEntryType.BlockDevice or TarEntryType.Fifo)
        {
            // Base images sometimes carry a /dev; a container gets a fresh one over it. Anywhere else a device is an attack.
            if (!rules.HostProcess && parts is ["dev", ..])
            {
                return;
            }

            throw new UnpackRefusedException($"'{entry.Name}' is a device or pipe");
        }

        var path = folder.Place(parts, makeFolders: true);
        switch (entry.EntryType)
        {
            case TarEntryType.Directory or TarEntryType.DirectoryList:
                MakeFolder(path, entry);
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                NeedName(parts, entry);
                await WriteFileAsync(path, entry, cancellation);
                break;
            case TarEntryType.SymbolicLink:
                NeedName(parts, entry);
                MakeLink(path, parts, entry);
                break;
            case TarEntryType.HardLink:
                NeedName(parts, entry);
                MakeHardLink(path, entry);
                break;
            default:
                throw new UnpackRefusedException($"'{entry.Name}' is of a kind ({entry.EntryType}) that images do not have");
        }

        for (var owned = path; owned.Length > folder.Root.Length && fromThisLayer.Add(owned); owned = Path.GetDirectoryName(owned)!)
        {
        }
    }

    private static void NeedName(string[] parts, TarEntry entry)
    {
        if (parts.Length == 0)
        {
            throw new UnpackRefusedException($"'{entry.Name}' would replace the root itself");
        }
    }

    private void MakeFolder(string path, TarEntry entry)
    {
        if (new FileInfo(path).LinkTarget is not null || File.Exists(path))
        {
            File.Delete(path);
        }

        Directory.CreateDirectory(path);
        Own(path, entry);
        _folderModes[path] = rules.HostProcess ? ReadableFolder : entry.Mode & ~Privileged;
    }

    private async Task WriteFileAsync(string path, TarEntry entry, CancellationToken cancellation)
    {
        if (entry.Length > rules.BytesMax - _bytes)
        {
            throw new UnpackRefusedException($"'{entry.Name}' makes it larger than {rules.BytesMax} bytes");
        }

        _bytes += entry.Length;
        RootedFolder.Remove(path);
        await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            if (entry.DataStream is { } content)
            {
                await content.CopyToAsync(file, 128 * 1024, cancellation);
            }
        }

        File.SetLastWriteTimeUtc(path, entry.ModificationTime.UtcDateTime);
        Own(path, entry);
        File.SetUnixFileMode(path, rules.HostProcess
            ? ReadableFile | ((entry.Mode & Executable) != 0 ? Executable : UnixFileMode.None)
            : entry.Mode & ~(Privileged | UnixFileMode.StickyBit));
    }

    private void MakeLink(string path, string[] parts, TarEntry entry)
    {
        var target = entry.LinkName;
        if (target.Length is 0 or > 4096)
        {
            throw new UnpackRefusedException($"the link '{entry.Name}' has no usable target");
        }

        var leaves = target.StartsWith('/') ? rules.HostProcess : EntryPath.LeavesRoot(parts[..^1], target);
        if (leaves)
        {
            throw new UnpackRefusedException($"the link '{entry.Name}' points out of the image, to '{target}'");
        }

        RootedFolder.Remove(path);
        File.CreateSymbolicLink(path, target);
        Own(path, entry);
    }

    private void MakeHardLink(string path, TarEntry entry)
    {
        var existing = folder.Place(EntryPath.Split(entry.LinkName), makeFolders: false);
        var info = new FileInfo(existing);
        if (existing == folder.Root || (info.LinkTarget is null && !info.Exists))
        {
            throw new UnpackRefusedException($"'{entry.Name}' is a second name for '{entry.LinkName}', which is not a file of the image");
        }

        if (existing == path)
        {
            return;
        }

        RootedFolder.Remove(path);
        Ownership.Link(existing, path);
    }

    private void ApplyWhiteout(string[] parts, HashSet<string> fromThisLayer)
    {
        var name = parts[^1][Whiteout.Length..];
        if (name is "" or "." or "..")
        {
            throw new UnpackRefusedException($"'{string.Join('/', parts)}' removes something that is not a file");
        }

        var parent = folder.Follow(parts.AsSpan(0, parts.Length - 1), makeFolders: false);
        if (!Directory.Exists(parent))
        {
            return;
        }

        if (parts[^1] == OpaqueWhiteout)
        {
            foreach (var path in Directory.EnumerateFileSystemEntries(parent).ToList().Where(path => !fromThisLayer.Contains(path)))
            {
                RootedFolder.Remove(path);
            }

            return;
        }

        RootedFolder.Remove(Path.Combine(parent, name));
    }

    private void Own(string path, TarEntry entry)
    {
        if (!rules.HostProcess && Ownership.MayChange)
        {
            Ownership.Give(path, entry.Uid, entry.Gid);
        }
    }
}
