using Microsoft.Extensions.Logging;

namespace Slipway.Telemetry.Metrics.Blocks;

/// <summary>
/// All blocks, oldest first. One thread adds, merges and removes; any number read meanwhile. The indexes read last are kept in memory
/// within a bound.
/// </summary>
internal sealed class BlockShelf
{
    private readonly string _folder;
    private readonly long _cacheBytesMax;
    private readonly Lock _cacheGate = new();
    private readonly LinkedList<(Block Block, BlockIndex Index)> _cache = [];
    private long _cacheBytes;
    private long _nextNumber;
    private Block[] _blocks = [];

    private BlockShelf(string folder, long cacheBytesMax) => (_folder, _cacheBytesMax) = (folder, cacheBytesMax);

    public IReadOnlyList<Block> Blocks => Volatile.Read(ref _blocks);

    public long Bytes => Blocks.Sum(block => block.Bytes);

    /// <summary>The journal's generations up to this one are in blocks.</summary>
    public long Generation => Blocks.Count == 0 ? -1 : Blocks.Max(block => block.Header.Generation);

    public long NextNumber => _nextNumber;

    public string PathOf(long number) => BlockFolder.PathOf(_folder, number);

    public static BlockShelf Open(string folder, long cacheBytesMax, ILogger logger)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception refused) when (Disk.Refused(refused))
        {
            // The disk may let us later; until then everything is in memory.
            MetricsLog.WriteFailed(logger, refused);
            return new BlockShelf(folder, cacheBytesMax);
        }

        foreach (var pending in Directory.EnumerateDirectories(folder, "*" + BlockFolder.Pending))
        {
            BlockFolder.Remove(pending);
        }

        var shelf = new BlockShelf(folder, cacheBytesMax);
        var blocks = new List<Block>();
        foreach (var number in BlockFolder.In(folder))
        {
            var path = BlockFolder.PathOf(folder, number);
            shelf._nextNumber = number + 1;
            try
            {
                blocks.Add(Block.Open(path, number));
            }
            catch (Exception damaged) when (damaged is InvalidDataException or FileNotFoundException)
            {
                // It is kept for whoever wants to look, out of the way of reading, retention and the next start.
                Directory.Move(path, path + ".damaged");
                MetricsLog.BlockDamaged(logger, path + ".damaged", damaged);
            }
        }

        // A crash between making a block and removing those it was made from leaves both.
        var replaced = blocks.SelectMany(block => block.Replaced).ToHashSet();
        foreach (var old in blocks.Where(block => replaced.Contains(block.Number)))
        {
            old.LetGo();
            BlockFolder.Remove(old.Path);
        }

        shelf._blocks = Sorted(blocks.Where(block => !replaced.Contains(block.Number)));
        return shelf;
    }

    /// <summary>Those that may have samples of the range; each is to be let go.</summary>
    public List<Block> Use(long from, long to)
    {
        while (true)
        {
            var seen = Volatile.Read(ref _blocks);
            var used = seen.Where(block => block.Header.First <= to && block.Header.Last >= from && block.TryUse()).ToList();
            if (ReferenceEquals(seen, Volatile.Read(ref _blocks)))
            {
                return used;
            }

            // A block may have taken the place of others between the look and the grip.
            used.ForEach(block => block.LetGo());
        }
    }

    public BlockIndex IndexOf(Block block)
    {
        lock (_cacheGate)
        {
            for (var node = _cache.First; node is not null; node = node.Next)
            {
                if (node.Value.Block == block)
                {
                    _cache.Remove(node);
                    _cache.AddFirst(node);
                    return node.Value.Index;
                }
            }
        }

        var index = block.ReadIndex();
        lock (_cacheGate)
        {
            _cache.AddFirst((block, index));
            _cacheBytes += index.Bytes;
            while (_cacheBytes > _cacheBytesMax && _cache.Count > 1)
            {
                _cacheBytes -= _cache.Last!.Value.Index.Bytes;
                _cache.RemoveLast();
            }
        }

        return index;
    }

    /// <summary>A block that was published, before readers find it.</summary>
    public Block Open(long number)
    {
        _nextNumber = number + 1;
        return Block.Open(PathOf(number), number);
    }

    /// <summary>Takes a block in, in the place of those it was made from, which are to be discarded then. The disk is not asked.</summary>
    public void Add(Block block, IReadOnlyCollection<Block> replaced) =>
        Volatile.Write(ref _blocks, Sorted(_blocks.Except(replaced).Append(block)));

    public void Remove(Block block)
    {
        Volatile.Write(ref _blocks, [.. _blocks.Where(other => other != block)]);
        Discard([block]);
    }

    public void Close()
    {
        foreach (var block in Blocks)
        {
            block.LetGo();
        }

        Volatile.Write(ref _blocks, []);
    }

    private static Block[] Sorted(IEnumerable<Block> blocks) =>
        [.. blocks.OrderBy(block => block.Header.First).ThenBy(block => block.Number)];

    public void Discard(IReadOnlyCollection<Block> blocks)
    {
        lock (_cacheGate)
        {
            for (var node = _cache.First; node is not null;)
            {
                var next = node.Next;
                if (blocks.Contains(node.Value.Block))
                {
                    _cacheBytes -= node.Value.Index.Bytes;
                    _cache.Remove(node);
                }

                node = next;
            }
        }

        foreach (var block in blocks)
        {
            BlockFolder.Remove(block.Path);
            block.LetGo();
        }
    }
}
