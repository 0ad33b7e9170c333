using Slipway.Runtime.Instances;

namespace Slipway.Runtime.Process;

/// <summary>
/// Lays out secret and config volumes. A path <c>/etc/app/key</c> of the manifest becomes <c>$SLIPWAY_MOUNTS/etc/app/key</c>,
/// since instances share the host's file system. The folder lies in memory where the host allows.
/// </summary>
internal sealed class Mounts(string folder)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Folder { get; } = folder;

    public static Mounts Choose(ProcessDriverOptions options)
    {
        var folder = options.MountsFolder
            ?? (Directory.Exists("/dev/shm") ? $"/dev/shm/slipway-{options.Node}" : Path.Combine(Path.GetFullPath(options.StateFolder), "mounts"));
        return new Mounts(folder);
    }

    public string FolderOf(string instanceId) => Path.Combine(Folder, instanceId);

    public void LayOut(InstanceSpec spec, int? user)
    {
        if (spec.Files.Count == 0)
        {
            return;
        }

        Directory.CreateDirectory(Folder, Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var root = FolderOf(spec.Id);
        MakeFolder(root, user);
        foreach (var file in spec.Files)
        {
            var path = LaunchPlan.Map(file.Path, root);
            var parents = new Stack<string>();
            for (var parent = Path.GetDirectoryName(path)!; parent.Length > root.Length; parent = Path.GetDirectoryName(parent)!)
            {
                parents.Push(parent);
            }

            foreach (var parent in parents)
            {
                MakeFolder(parent, user);
            }

            // Made private and empty first: at no moment can another user read the content.
            using (var handle = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
            {
                File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                RandomAccess.Write(handle, file.Content.Span, 0);
            }

            File.SetUnixFileMode(path, (UnixFileMode)(file.Mode & 0x1FF));
            InstanceFolder.Give(path, user);
        }
    }

    public void Remove(string instanceId) => InstanceFolder.Remove(FolderOf(instanceId));

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

    private static void MakeFolder(string path, int? user)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, Private);
            InstanceFolder.Give(path, user);
        }
    }
}
