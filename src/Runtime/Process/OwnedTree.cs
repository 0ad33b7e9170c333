using System.ComponentModel;
using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Process;

/// <summary>
/// Folders an instance may change. Everything below them is made, written and removed with the rights of its user, since
/// a process of that user may at any moment put a link where we expect a folder.
/// </summary>
internal static class OwnedTree
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the top, whose parent must be ours.</summary>
    public static void Create(string folder, InstanceUser? user)
    {
        Directory.CreateDirectory(folder, Private);
        if (user is { } owner && LibC.ChangeOwner(folder, (uint)owner.Id, (uint)owner.Group) != 0)
        {
            throw new IOException($"{folder} could not be given to user {owner.Id}.");
        }
    }

    /// <summary>Makes the folders between the top and the path. Call it as the user.</summary>
    public static void MakeParents(string top, string path)
    {
        var parents = new Stack<string>();
        for (var parent = Path.GetDirectoryName(path)!; parent.Length > top.Length; parent = Path.GetDirectoryName(parent)!)
        {
            parents.Push(parent);
        }

        foreach (var parent in parents)
        {
            if (!Directory.Exists(parent))
            {
                Directory.CreateDirectory(parent, Private);
            }
        }
    }

    public static void Remove(string folder, InstanceUser? user)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                ThreadUser.Run(user, () => Empty(folder));
                Directory.Delete(folder);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception)
        {
            // Somebody looks into it or writes at this moment; adoption and forgetting come by again.
        }
    }

    private static bool Empty(string folder)
    {
        // A program may have locked itself out of its own folder.
        File.SetUnixFileMode(folder, Private);
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo && entry.LinkTarget is null)
            {
                Empty(entry.FullName);
                Directory.Delete(entry.FullName);
            }
            else
            {
                File.Delete(entry.FullName);
            }
        }

        return true;
    }
}
