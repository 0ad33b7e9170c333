using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using Slipway.Telemetry.Otlp;
using Slipway.Telemetry.Otlp.Decoding;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces.Segments;

namespace Slipway.Telemetry.Traces.Gathering;

/// <summary>
/// Spans that wait for the rest of their trace, on disk: what a process was doing when it was killed is what one wants to see most. Every
/// second adds a record; a file holds fifteen seconds and goes when all its spans have long been decided on. A record is its packed
/// length, its plain length, a checksum of the packed bytes, and an export request, packed.
/// </summary>
internal sealed class PendingJournal(string folder, TimeProvider time) : IDisposable
{
    private const int HeaderLength = 12;
    private const int RawMax = 256 * 1024 * 1024;
    private const int Quality = 1;
    private const int Window = 20;
    private const string Ending = ".spans";

    private static readonly TimeSpan s_fileLength = TimeSpan.FromSeconds(15);

    // A span is decided on thirty seconds after its trace began, or when the next step comes.
    private static readonly TimeSpan s_needed = TraceWindow.Longest + TimeSpan.FromSeconds(10);

    private readonly Queue<(string Path, long ClosedAt)> _closed = new();
    private readonly ProtoWriter _plain = new(64 * 1024);
    private FileStream? _output;
    private string _path = "";
    private long _openedAt;
    private long _sequence;

    /// <summary>The spans of a process that did not end well, in the order they came. Their files stay until they are not needed.</summary>
    public IEnumerable<List<SpanRecord>> Recover(TextCache texts)
    {
        Directory.CreateDirectory(folder);
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Ending).Order(StringComparer.Ordinal).ToList())
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
            {
                _sequence = Math.Max(_sequence, sequence);
            }

            _closed.Enqueue((path, time.GetTimestamp()));
            foreach (var spans in Read(path, texts))
            {
                yield return spans;
            }
        }
    }

    /// <exception cref="IOException">They could not be written.</exception>
    public void Write(List<SpanRecord> spans)
    {
        _plain.Clear();
        OtlpEncoder.Spans(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(spans), _plain);
        var record = new byte[HeaderLength + BrotliEncoder.GetMaxCompressedLength(_plain.Length)];
        if (!BrotliEncoder.TryCompress(_plain.Written, record.AsSpan(HeaderLength), out var length, Quality, Window))
        {
            throw new InvalidOperationException("Compressed data did not fit into the room compressed data needs at most.");
        }

        BinaryPrimitives.WriteInt32LittleEndian(record, length);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), _plain.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), Checksum.Of(record.AsSpan(HeaderLength, length)));
        try
        {
            if (_output is null)
            {
                Directory.CreateDirectory(folder);
                _path = Path.Combine(folder, (++_sequence).ToString("D12", CultureInfo.InvariantCulture) + Ending);
                _output = new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
                _openedAt = time.GetTimestamp();
            }

            _output.Write(record.AsSpan(0, HeaderLength + length));
            _output.Flush(flushToDisk: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // A torn record ends its file, so what comes next begins another.
            Close();
            throw problem as IOException ?? new IOException(problem.Message, problem);
        }
    }

    public void Maintain()
    {
        var now = time.GetTimestamp();
        if (_output is not null && time.GetElapsedTime(_openedAt, now) >= s_fileLength)
        {
            Close();
        }

        while (_closed.TryPeek(out var oldest) && time.GetElapsedTime(oldest.ClosedAt, now) >= s_needed)
        {
            // One that cannot be deleted now is found again at the next start.
            _closed.Dequeue();
            File.Delete(oldest.Path);
        }
    }

    /// <summary>Everything has been decided on and written: nothing is needed any more.</summary>
    public void Clear()
    {
        Close();
        while (_closed.TryDequeue(out var file))
        {
            File.Delete(file.Path);
        }
    }

    public void Dispose() => Close();

    private void Close()
    {
        if (_output is null)
        {
            return;
        }

        try
        {
            _output.Dispose();
        }
        catch (IOException)
        {
            // Nothing is buffered here, so nothing is lost that was not lost before.
        }

        _output = null;
        _closed.Enqueue((_path, time.GetTimestamp()));
    }

    private static IEnumerable<List<SpanRecord>> Read(string path, TextCache texts)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var header = new byte[HeaderLength];
        while (file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(header);
            var plainLength = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4));
            if (length < 0 || length > file.Length - file.Position || plainLength is < 0 or > RawMax)
            {
                yield break;
            }

            var packed = new byte[length];
            file.ReadExactly(packed);
            if (Checksum.Of(packed) != BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8)))
            {
                yield break;
            }

            var plain = new byte[plainLength];
            if (!BrotliDecoder.TryDecompress(packed, plain, out var written) || written != plainLength)
            {
                yield break;
            }

            yield return new TraceDecoder(texts).Decode(plain).Spans;
        }
    }
}
