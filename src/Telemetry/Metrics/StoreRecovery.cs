using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics.Head;
using Slipway.Telemetry.Metrics.Journal;

namespace Slipway.Telemetry.Metrics;

/// <summary>Brings back into memory what write-ahead files hold and no block has.</summary>
internal sealed class StoreRecovery(MemoryHead head) : IJournalListener
{
    private readonly Dictionary<uint, HeadSeries> _series = [];

    /// <returns>The generation and the part that were written last, and the bytes of the files that stay.</returns>
    public static (long Generation, int Part, long Bytes) Run(string folder, long inBlocks, MemoryHead head, ILogger logger, CancellationToken cancellation)
    {
        var last = (Generation: inBlocks + 1, Part: -1, Bytes: 0L);
        var recovery = new StoreRecovery(head);
        foreach (var (path, generation, part) in JournalFiles.In(folder))
        {
            cancellation.ThrowIfCancellationRequested();
            if (generation <= inBlocks)
            {
                File.Delete(path);
                continue;
            }

            if (generation != last.Generation)
            {
                recovery._series.Clear();
            }

            var bytes = File.ReadAllBytes(path);
            var torn = JournalReplay.Read(bytes, generation, recovery);
            if (torn > 0)
            {
                MetricsLog.TailCut(logger, torn, path);
                Shorten(path, bytes.Length - torn);
            }

            last = (generation, part, last.Bytes + bytes.Length - torn);
        }

        return last;
    }

    private static void Shorten(string path, long length)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
            RandomAccess.SetLength(file, length);
        }
        catch (Exception refused) when (Disk.Refused(refused))
        {
            // Nothing is written behind it, so it may stay: the next start leaves it out again.
        }
    }

    public void Introduce(long generation, uint id, string source, LabelSet labels) => _series[id] = head.Restore(generation, id, source, labels);

    public void Sample(uint id, long at, double value)
    {
        if (_series.TryGetValue(id, out var series))
        {
            head.Restore(series, at, value);
        }
    }

    public void Exemplar(uint id, Exemplar exemplar)
    {
        if (_series.TryGetValue(id, out var series))
        {
            head.Restore(series, exemplar);
        }
    }

    public void Metadata(MetricMetadata metadata) => head.Restore(metadata);
}
