using System.Runtime.InteropServices;

namespace Slipway.Registry.Unpacking;

/// <summary>Gives files to the users an image names. Only root may, and only images that run in a container need it.</summary>
internal static partial class Ownership
{
    public static bool MayChange { get; } = EffectiveUser() == 0;

    public static void Give(string path, int user, int group)
    {
        if (ChangeOwner(path, (uint)user, (uint)group) != 0)
        {
            throw new IOException($"{Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}: {path}", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>A second name for a file; the framework has no call for it.</summary>
    public static void Link(string existing, string path)
    {
        if (HardLink(existing, path) != 0)
        {
            throw new IOException($"{Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}: {path}", Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int HardLink(string existing, string path);
}
