using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Slipway.Telemetry.Metrics;

/// <summary>What the store asks of the disk when it writes. A test puts a full one in its place.</summary>
internal partial class Disk
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    public virtual SafeFileHandle Create(string path) =>
        File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);

    public virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(file, bytes, offset);

    public virtual void Sync(SafeFileHandle file) => RandomAccess.FlushToDisk(file);

    public virtual void CreateFolder(string path) => Directory.CreateDirectory(path);

    /// <summary>Renames a folder whose files are on disk, so that it is there wholly or not at all, also after a power cut.</summary>
    public virtual void Publish(string pending, string path)
    {
        Directory.Move(pending, path);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>A file that was made or renamed may be lost with its folder's own entry.</summary>
    public virtual void SyncFolder(string path)
    {
        var descriptor = Open(path, ReadOnly | CloseOnExec);
        if (descriptor < 0)
        {
            throw Error(path);
        }

        try
        {
            if (Fsync(descriptor) != 0)
            {
                throw Error(path);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    public static bool Refused(Exception exception) => exception is IOException or UnauthorizedAccessException;

    private static IOException Error(string path)
    {
        var errno = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(errno)}: {path}", errno);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
