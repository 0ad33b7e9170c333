using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Slipway.Registry.Tests;

/// <summary>Writes archives entry by entry, also such as no honest tool would write.</summary>
internal sealed class TarBytes
{
    private readonly TarWriter _writer;

    private TarBytes(TarWriter writer) => _writer = writer;

    public static byte[] Of(Action<TarBytes> fill, bool gzip = true)
    {
        using var bytes = new MemoryStream();
        using (var target = gzip ? new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true) : (Stream)bytes)
        {
            using var writer = new TarWriter(target, TarEntryFormat.Gnu, leaveOpen: true);
            fill(new TarBytes(writer));
            if (!gzip)
            {
                writer.Dispose();
                return bytes.ToArray();
            }
        }

        return bytes.ToArray();
    }

    public TarBytes File(string name, string content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite) =>
        Add(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)), Mode = mode });

    public TarBytes Folder(string name, UnixFileMode mode = (UnixFileMode)0b111_101_101) => Add(new GnuTarEntry(TarEntryType.Directory, name) { Mode = mode });

    public TarBytes Link(string name, string target) => Add(new GnuTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target });

    public TarBytes HardLink(string name, string target) => Add(new GnuTarEntry(TarEntryType.HardLink, name) { LinkName = target });

    public TarBytes Entry(TarEntryType type, string name) => Add(new GnuTarEntry(type, name));

    private TarBytes Add(TarEntry entry)
    {
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        _writer.WriteEntry(entry);
        return this;
    }
}
