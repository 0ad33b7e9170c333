using System.Formats.Tar;
using System.Security.Cryptography;
using Slipway.Registry.Unpacking;

namespace Slipway.Registry.Packing;

/// <summary>Thrown for a folder that cannot be an image and turned into a failure by the packer.</summary>
internal sealed class UnpackableFolderException(string message) : Exception(message);

/// <summary>
/// Writes a folder as an archive that depends on nothing but names, content and who may execute: ordered by name, owned by
/// root, and with times made from the content.
/// </summary>
internal static class FolderArchive
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly DateTimeOffset s_folderTime = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task WriteAsync(string folder, string prefix, Stream output, CancellationToken cancellation)
    {
        await using var archive = new TarWriter(output, TarEntryFormat.Gnu, leaveOpen: true);
        await archive.WriteEntryAsync(FolderEntry(prefix), cancellation);
        await WriteFolderAsync(archive, folder, [], prefix, cancellation);
    }

    private static async Task WriteFolderAsync(TarWriter archive, string folder, string[] parts, string name, CancellationToken cancellation)
    {
        foreach (var child in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(info => info.Name, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            var childName = $"{name}/{child.Name}";
            if (child.LinkTarget is { } target)
            {
                if (target.StartsWith('/') || EntryPath.LeavesRoot(parts, target))
                {
                    throw new UnpackableFolderException($"the link {child.FullName} points out of the folder, to {target}; replace it by what it points to");
                }

                await archive.WriteEntryAsync(new GnuTarEntry(TarEntryType.SymbolicLink, childName)
                {
                    LinkName = target,
                    Mode = Readable | Executable,
                    ModificationTime = s_folderTime,
                }, cancellation);
            }
            else if (child is DirectoryInfo)
            {
                // A repository's history is large, may hold secrets and never runs.
                if (child.Name != ".git")
                {
                    await archive.WriteEntryAsync(FolderEntry(childName), cancellation);
                    await WriteFolderAsync(archive, child.FullName, [.. parts, child.Name], childName, cancellation);
                }
            }
            else if (!FileKind.IsRegular(child.FullName))
            {
                throw new UnpackableFolderException($"{child.FullName} is neither a file nor a folder nor a link");
            }
            else
            {
                await WriteFileAsync(archive, child.FullName, childName, cancellation);
            }
        }
    }

    private static async Task WriteFileAsync(TarWriter archive, string path, string name, CancellationToken cancellation)
    {
        await using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, useAsync: true);
        var hash = await SHA256.HashDataAsync(content, cancellation);
        content.Position = 0;
        await archive.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = content,
            Mode = Readable | ((File.GetUnixFileMode(content.SafeFileHandle) & Executable) != 0 ? Executable : UnixFileMode.None),
            ModificationTime = TimeOf(hash),
        }, cancellation);
    }

    /// <summary>
    /// One fixed time for all files would be simpler, but web servers make validators from time and length: a changed file
    /// of the same length would then look unchanged to every browser.
    /// </summary>
    private static DateTimeOffset TimeOf(byte[] hash) => s_folderTime.AddSeconds(BitConverter.ToUInt32(hash) % (20u * 365 * 86_400));

    private static GnuTarEntry FolderEntry(string name) => new(TarEntryType.Directory, name)
    {
        Mode = Readable | Executable,
        ModificationTime = s_folderTime,
    };
}
