using System.Buffers;
using System.Security.Cryptography;
using Slipway.Model.Failures;

namespace Slipway.Registry.Content;

/// <summary>
/// One blob on its way in. The digest is computed while the bytes pass, so finishing costs a flush and a rename however
/// large the blob is.
/// </summary>
internal sealed class Upload : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly Lock _writing = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly FileStream _file;
    private readonly string _path;
    private readonly ContentFolders _folders;
    private readonly BlobStore _blobs;
    private readonly TimeProvider _time;
    private bool _busy;
    private bool _disposed;

    public Upload(string id, string repository, string path, ContentFolders folders, BlobStore blobs, TimeProvider time)
    {
        (Id, Repository, _path, _folders, _blobs, _time) = (id, repository, path, folders, blobs, time);
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        LastWrittenAt = time.GetUtcNow();
    }

    public string Id { get; }

    public string Repository { get; }

    /// <summary>How many bytes have arrived and are counted.</summary>
    public long Offset { get; private set; }

    public DateTimeOffset LastWrittenAt { get; private set; }

    public bool IsBusy
    {
        get
        {
            lock (_writing)
            {
                return _busy;
            }
        }
    }

    /// <summary>
    /// Appends what the body holds. When the sender breaks off, what has arrived stays and <see cref="Offset"/> tells from
    /// where to go on; reading troubles are the sender's and are thrown, writing troubles are ours and returned.
    /// </summary>
    public async Task<Failure?> AppendAsync(Stream body, long? announced, CancellationToken cancellation)
    {
        if (!TryEnter())
        {
            return ContentFailures.UploadBusy(Id);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var begun = Offset;
            int read;
            while ((read = await body.ReadAsync(buffer, cancellation)) > 0)
            {
                if (Offset + read > Bounds.BlobBytesMax)
                {
                    return ContentFailures.TooLarge("blob", Bounds.BlobBytesMax);
                }

                if (await WriteAsync(buffer.AsMemory(0, read)) is { } trouble)
                {
                    return trouble;
                }
            }

            return announced is { } stated && Offset - begun != stated ? ContentFailures.SizeMismatch(stated, Offset - begun) : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            Leave();
        }
    }

    /// <summary>Turns the upload into a blob when it is what the digest says. Close the upload afterwards in either case.</summary>
    public Outcome<Digest> Finish(Digest expected)
    {
        if (!TryEnter())
        {
            return ContentFailures.UploadBusy(Id);
        }

        try
        {
            _file.Flush(flushToDisk: true);
            return _blobs.Adopt(_path, Digest.OfHash(_hash.GetCurrentHash()), expected);
        }
        catch (Exception exception) when (StorageFailure.Explains(exception))
        {
            return StorageFailure.From(exception, _folders.Root)!;
        }
        finally
        {
            Leave();
        }
    }

    public void Dispose()
    {
        lock (_writing)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            if (_busy)
            {
                // The writer notices when it leaves, and cleans up then.
                return;
            }
        }

        Release();
    }

    private async Task<Failure?> WriteAsync(ReadOnlyMemory<byte> chunk)
    {
        try
        {
            // Not cancellable: half a chunk in the file that the digest has not seen would spoil the whole upload.
            await _file.WriteAsync(chunk, CancellationToken.None);
        }
        catch (Exception exception) when (StorageFailure.Explains(exception))
        {
            // A part of the chunk may be in the file; go back to the last byte that counts.
            _file.SetLength(Offset);
            _file.Position = Offset;
            return StorageFailure.From(exception, _folders.Root);
        }

        _hash.AppendData(chunk.Span);
        Offset += chunk.Length;
        LastWrittenAt = _time.GetUtcNow();
        return null;
    }

    private bool TryEnter()
    {
        lock (_writing)
        {
            if (_busy || _disposed)
            {
                return false;
            }

            return _busy = true;
        }
    }

    private void Leave()
    {
        lock (_writing)
        {
            _busy = false;
            if (!_disposed)
            {
                return;
            }
        }

        Release();
    }

    private void Release()
    {
        _file.Dispose();
        _hash.Dispose();
        File.Delete(_path);
    }
}
