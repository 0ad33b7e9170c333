using System.Buffers;
using System.IO.Compression;

namespace Slipway.Telemetry.Otlp;

internal enum BodyState
{
    Whole,
    TooLarge,

    /// <summary>It is not compressed as it says.</summary>
    Broken,

    /// <summary>Too many bodies are being read at the moment.</summary>
    NoRoom,
}

/// <summary>A body in rented memory that is counted against the budget until it is disposed of.</summary>
internal sealed class ReceivedBody : IDisposable
{
    private const int SmallestBuffer = 16 * 1024;
    private const int LargestRented = 4 * 1024 * 1024;

    private readonly MemoryBudget _budget;
    private byte[] _buffer = [];

    private ReceivedBody(MemoryBudget budget) => _budget = budget;

    public BodyState State { get; private set; }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    public static async Task<ReceivedBody> ReadAsync(Stream stream, bool gzip, MemoryBudget budget, CancellationToken cancellation)
    {
        var body = new ReceivedBody(budget);
        try
        {
            await body.FillAsync(stream, gzip ? OtlpServices.CompressedMax : OtlpServices.PlainMax, cancellation);
            if (!gzip || body.State != BodyState.Whole)
            {
                return body;
            }

            using (body)
            {
                return await UnzipAsync(body._buffer.AsMemory(0, body.Length), budget, cancellation);
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public static async Task<ReceivedBody> UnzipAsync(ReadOnlyMemory<byte> packed, MemoryBudget budget, CancellationToken cancellation)
    {
        var body = new ReceivedBody(budget);
        try
        {
            await using var unzip = new GZipStream(new MemoryStream(packed.ToArray(), writable: false), CompressionMode.Decompress);
            await body.FillAsync(unzip, OtlpServices.PlainMax, cancellation);
        }
        catch (InvalidDataException)
        {
            body.State = BodyState.Broken;
        }
        catch
        {
            body.Dispose();
            throw;
        }

        return body;
    }

    public ReadOnlyMemory<byte> Slice(int start, int length) => _buffer.AsMemory(start, length);

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            _budget.Give(_buffer.Length);
            Return(_buffer);
            _buffer = [];
        }

        Length = 0;
    }

    private async Task FillAsync(Stream stream, int most, CancellationToken cancellation)
    {
        while (true)
        {
            if (Length == _buffer.Length && !Grow(most))
            {
                State = BodyState.NoRoom;
                return;
            }

            var read = await stream.ReadAsync(_buffer.AsMemory(Length), cancellation);
            if (read == 0)
            {
                return;
            }

            Length += read;
            if (Length > most)
            {
                State = BodyState.TooLarge;
                return;
            }
        }
    }

    private bool Grow(int most)
    {
        // The pool would round a large one up to twice its size.
        var doubled = Math.Max(_buffer.Length * 2, SmallestBuffer);
        var wanted = doubled < most ? doubled : most + 1;
        var larger = wanted <= LargestRented ? ArrayPool<byte>.Shared.Rent(wanted) : GC.AllocateUninitializedArray<byte>(wanted);
        if (!_budget.Take(larger.Length))
        {
            Return(larger);
            return false;
        }

        var length = Length;
        Bytes.CopyTo(larger);
        Dispose();
        (_buffer, Length) = (larger, length);
        return true;
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length <= LargestRented)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
