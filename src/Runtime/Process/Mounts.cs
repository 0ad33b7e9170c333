using Slipway.Runtime.Instances;
using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Process;

/// <summary>
/// Lays out volumes. A path <c>/etc/app/key</c> of the manifest becomes <c>$SLIPWAY_MOUNTS/etc/app/key</c>, since
/// instances share the host's file system. Files lie in memory where the host allows; a writable folder is a link to
/// where its medium says.
/// </summary>
internal sealed class Mounts(string folder)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string VolumesName = ".volumes";

    public string Folder { get; } = folder;

    public static Mounts Choose(ProcessDriverOptions options)
    {
        var folder = options.MountsFolder
            ?? (Directory.Exists("/dev/shm") ? $"/dev/shm/slipway-{options.Node}" : Path.Combine(Path.GetFullPath(options.StateFolder), "mounts"));
        return new Mounts(folder);
    }

    public string FolderOf(string instanceId) => Path.Combine(Folder, instanceId);

    /// <summary>Where the content of a writable volume lies.</summary>
    public string VolumeOf(string instanceId, MountedFolder mounted, InstanceFolder instance) =>
        LaunchPlan.Map(mounted.Volume, mounted.InMemory ? Path.Combine(FolderOf(instanceId), VolumesName) : instance.Volumes);

    public void LayOut(InstanceSpec spec, InstanceFolder instance, InstanceUser? user)
    {
        if (spec.Files.Count == 0 && spec.Folders.Count == 0)
        {
            return;
        }

        Directory.CreateDirectory(Folder, Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        OwnedTree.Create(FolderOf(spec.Id), user);
        if (spec.Folders.Any(mounted => !mounted.InMemory))
        {
            OwnedTree.Create(instance.Volumes, user);
        }

        ThreadUser.Run(user, () =>
        {
            var root = FolderOf(spec.Id);
            foreach (var mounted in spec.Folders.OrderBy(mounted => mounted.Path, StringComparer.Ordinal))
            {
                Link(root, mounted, VolumeOf(spec.Id, mounted, instance));
            }

            foreach (var file in spec.Files)
            {
                Write(root, file);
            }

            return true;
        });
    }

    /// <summary>Readers see the old file or the new one.</summary>
    public void Replace(string instanceId, MountedFile file, InstanceUser? user)
    {
        Directory.CreateDirectory(Folder, Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var root = FolderOf(instanceId);
        if (!Directory.Exists(root))
        {
            OwnedTree.Create(root, user);
        }

        ThreadUser.Run(user, () =>
        {
            Write(root, file, replaces: true);
            return true;
        });
    }

    public void Remove(string instanceId, InstanceUser? user) => OwnedTree.Remove(FolderOf(instanceId), user);

    /// <summary>Removes what belongs to none of these instances.</summary>
    public void Keep(IReadOnlySet<string> instanceIds)
    {
        if (!Directory.Exists(Folder))
        {
            return;
        }

        foreach (var folder in Directory.GetDirectories(Folder).Where(folder => !instanceIds.Contains(Path.GetFileName(folder))))
        {
            InstanceFolder.Remove(folder);
        }
    }

    public void RemoveIfEmpty()
    {
        if (Directory.Exists(Folder) && !Directory.EnumerateFileSystemEntries(Folder).Any())
        {
            InstanceFolder.Remove(Folder);
        }
    }

    private static void Link(string root, MountedFolder mounted, string volume)
    {
        var target = LaunchPlan.Map(mounted.SubPath, volume);
        if (!Directory.Exists(target))
        {
            Directory.CreateDirectory(target, Private);
        }

        var path = LaunchPlan.Map(mounted.Path, root);
        OwnedTree.MakeParents(root, path);
        File.CreateSymbolicLink(path, target);
    }

    private static void Write(string root, MountedFile file, bool replaces = false)
    {
        var target = LaunchPlan.Map(file.Path, root);
        var path = replaces ? $"{target}.slipway-next" : target;
        OwnedTree.MakeParents(root, path);

        // An earlier try may have left it behind, closed to its own writer.
        File.Delete(path);

        // Made private and empty first: at no moment can another user read the content.
        using (var handle = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            RandomAccess.Write(handle, file.Content.Span, 0);
        }

        File.SetUnixFileMode(path, (UnixFileMode)(file.Mode & 0x1FF));
        if (replaces)
        {
            File.Move(path, target, overwrite: true);
        }
    }
}
