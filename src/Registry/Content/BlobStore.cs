using System.Buffers;
using System.Security.Cryptography;
using Slipway.Model.Failures;

namespace Slipway.Registry.Content;

/// <summary>
/// Verified content by digest. A blob is either whole and right or absent; nothing is ever changed in place.
/// A blob's modification time says when somebody last relied on it, which retention respects.
/// </summary>
internal sealed class BlobStore(ContentFolders folders, TimeProvider time)
{
    private const int BufferSize = 128 * 1024;

    public string PathOf(Digest digest) => Path.Combine(folders.Blobs, digest.Hex[..2], digest.Hex);

    public long? Size(Digest digest)
    {
        var file = new FileInfo(PathOf(digest));
        return file.Exists ? file.Length : null;
    }

    public bool Contains(Digest digest) => File.Exists(PathOf(digest));

    /// <summary>Null when the blob is not here. A reader keeps its content even when the blob is removed meanwhile.</summary>
    public FileStream? OpenRead(Digest digest)
    {
        try
        {
            return new FileStream(PathOf(digest), new FileStreamOptions
            {
                Access = FileAccess.Read,
                Share = FileShare.Read | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public async Task<byte[]?> ReadAsync(Digest digest, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllBytesAsync(PathOf(digest), cancellation);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Notes that somebody was told "this is here", so that retention leaves it alone for the grace age.</summary>
    public bool Touch(Digest digest)
    {
        try
        {
            File.SetLastWriteTimeUtc(PathOf(digest), time.GetUtcNow().UtcDateTime);
            return true;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception exception) when (StorageFailure.Explains(exception))
        {
            // A disk that lets us write nothing lets retention remove nothing either, and reading must go on.
            return Contains(digest);
        }
    }

    public async Task<Outcome<Digest>> AddAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var digest = Digest.Of(content.Span);
        if (Touch(digest))
        {
            return digest;
        }

        try
        {
            await DurableFile.WriteAsync(PathOf(digest), folders.Pending, content, cancellation);
            Touch(digest);
            return digest;
        }
        catch (Exception exception) when (StorageFailure.Explains(exception))
        {
            return StorageFailure.From(exception, folders.Root)!;
        }
    }

    /// <summary>Copies a stream in and keeps it only when it is what the digest says.</summary>
    public async Task<Outcome<Digest>> AddAsync(Digest expected, Stream source, CancellationToken cancellation)
    {
        var pending = Path.Combine(folders.Pending, Guid.CreateVersion7().ToString("N"));
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (var file = new FileStream(pending, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true))
            {
                long total = 0;
                int read;
                while ((read = await source.ReadAsync(buffer, cancellation)) > 0)
                {
                    total += read;
                    if (total > Bounds.BlobBytesMax)
                    {
                        return ContentFailures.TooLarge("blob", Bounds.BlobBytesMax);
                    }

                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
                }

                file.Flush(flushToDisk: true);
            }

            return Adopt(pending, Digest.OfHash(hash.GetHashAndReset()), expected);
        }
        catch (Exception exception) when (StorageFailure.Explains(exception))
        {
            return StorageFailure.From(exception, folders.Root)!;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            Forget(pending);
        }
    }

    /// <summary>Takes over a file that is complete and flushed, when its digest is the one that was promised.</summary>
    public Outcome<Digest> Adopt(string pending, Digest actual, Digest expected)
    {
        if (actual != expected)
        {
            return ContentFailures.DigestMismatch(expected, actual);
        }

        DurableFile.Publish(pending, PathOf(actual));
        Touch(actual);
        return actual;
    }

    /// <summary>Everything that is here: digest, size and when it was last relied on.</summary>
    public IEnumerable<StoredBlob> Enumerate()
    {
        foreach (var folder in Directory.EnumerateDirectories(folders.Blobs))
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
            {
                if (Digest.TryParseHex(file.Name, out var digest))
                {
                    yield return new StoredBlob(digest, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));
                }
            }
        }
    }

    public void Delete(Digest digest) => Forget(PathOf(digest));

    private static void Forget(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was there, which is what was wanted.
        }
    }
}

internal sealed record StoredBlob(Digest Digest, long Bytes, DateTimeOffset LastReliedOn);
