using System.Runtime.InteropServices;

namespace Slipway.Registry.Content;

/// <summary>
/// Files that are either wholly there or not there at all, also after a power cut: written beside, flushed to the disk,
/// renamed into place, and the folder's own entry flushed too (a rename alone may be lost or come before its content).
/// </summary>
internal static partial class DurableFile
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    public static async Task WriteAsync(string path, string pendingFolder, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var pending = Path.Combine(pendingFolder, Guid.CreateVersion7().ToString("N"));
        try
        {
            await using (var file = new FileStream(pending, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                await file.WriteAsync(content, cancellation);
                file.Flush(flushToDisk: true);
            }

            Publish(pending, path);
        }
        finally
        {
            File.Delete(pending);
        }
    }

    /// <summary>Renames a flushed file over its final name; an older one of that name is replaced in the same instant.</summary>
    public static void Publish(string pending, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        CreateFolder(folder);
        File.Move(pending, path, overwrite: true);
        SyncFolder(folder);
    }

    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(folder);
        if (!string.IsNullOrEmpty(parent))
        {
            CreateFolder(parent);
        }

        Directory.CreateDirectory(folder);
        if (!string.IsNullOrEmpty(parent))
        {
            SyncFolder(parent);
        }
    }

    public static void SyncFolder(string folder) => WithFolder(folder, descriptor => Fsync(descriptor));

    /// <summary>Flushes a whole file system once, which is far cheaper than flushing ten thousand unpacked files one by one.</summary>
    public static void SyncFileSystemOf(string folder) => WithFolder(folder, descriptor => SyncFileSystem(descriptor));

    private static void WithFolder(string folder, Func<int, int> act)
    {
        var descriptor = Open(folder, ReadOnly | CloseOnExec);
        if (descriptor < 0)
        {
            throw Error(folder);
        }

        try
        {
            if (act(descriptor) != 0)
            {
                throw Error(folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Error(string folder)
    {
        var errno = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(errno)}: {folder}", errno);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
