using Microsoft.Win32.SafeHandles;
using Slipway.Telemetry.Metrics.Reading;

namespace Slipway.Telemetry.Metrics.Blocks;

/// <summary>
/// Samples of some time on disk, which never change. Its files stay open while anybody reads, also after the block was removed.
/// </summary>
internal sealed class Block
{
    private readonly SafeFileHandle[] _files;
    private int _users = 1;

    private Block(string path, long number, SafeFileHandle[] files, BlockIndex index)
    {
        (Path, Number, _files, Header) = (path, number, files, index.Header);
        Replaced = [.. index.Replaced];
        Bytes = files.Sum(RandomAccess.GetLength);
    }

    public string Path { get; }

    public long Number { get; }

    public BlockHeader Header { get; }

    /// <summary>Numbers of the blocks that this one was made from.</summary>
    public IReadOnlyList<long> Replaced { get; }

    public long Bytes { get; }

    /// <exception cref="InvalidDataException">It was damaged.</exception>
    public static Block Open(string path, long number)
    {
        var files = new List<SafeFileHandle>();
        try
        {
            files.Add(OpenFile(BlockFolder.FileOf(path, SampleFold.None)));
            files.AddRange(Folding.Kept.Select(fold => OpenFile(BlockFolder.FileOf(path, fold))));
            files.Add(OpenFile(BlockFolder.IndexOf(path)));
            var index = ReadIndex(files[^1]);
            for (var i = 0; i < files.Count - 1; i++)
            {
                if (RandomAccess.GetLength(files[i]) != index.Starts((SampleFold)i)[^1])
                {
                    throw new InvalidDataException("a file of a block is not as long as its index says");
                }
            }

            return new Block(path, number, [.. files], index);
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }

        static SafeFileHandle OpenFile(string file) => File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
    }

    public BlockIndex ReadIndex() => ReadIndex(_files[^1]);

    public int Read(SampleFold fold, Span<byte> into, long offset) => Read(_files[(int)fold], into, offset);

    public bool TryUse()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>The last one who lets it go closes its files; the shelf is one of them.</summary>
    public void LetGo()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            foreach (var file in _files)
            {
                file.Dispose();
            }
        }
    }

    private static BlockIndex ReadIndex(SafeFileHandle file)
    {
        var bytes = new byte[RandomAccess.GetLength(file)];
        return BlockIndex.Of(Read(file, bytes, 0) == bytes.Length ? bytes : []);
    }

    private static int Read(SafeFileHandle file, Span<byte> into, long offset)
    {
        var read = 0;
        while (read < into.Length)
        {
            var more = RandomAccess.Read(file, into[read..], offset + read);
            if (more == 0)
            {
                break;
            }

            read += more;
        }

        return read;
    }
}
