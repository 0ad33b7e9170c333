using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Slipway.Model.Failures;

namespace Slipway.Registry.Content;

/// <summary>
/// The uploads under way. At most <c>uploadsMax</c> are open at a time; the next one is refused with <c>uploads-exhausted</c>.
/// One that nobody wrote to for the idle age is dropped with its file. Uploads do not outlive the process: only a finished
/// blob was ever acknowledged, and clients begin again.
/// </summary>
internal sealed class UploadBook : IDisposable
{
    private readonly ConcurrentDictionary<string, Upload> _open = new(StringComparer.Ordinal);
    private readonly ContentFolders _folders;
    private readonly BlobStore _blobs;
    private readonly TimeProvider _time;
    private readonly int _uploadsMax;
    private readonly TimeSpan _idleAge;
    private readonly ITimer _sweep;
    private int _count;

    public UploadBook(ContentFolders folders, BlobStore blobs, TimeProvider time, int uploadsMax, TimeSpan idleAge)
    {
        (_folders, _blobs, _time, _uploadsMax, _idleAge) = (folders, blobs, time, uploadsMax, idleAge);
        var period = TimeSpan.FromTicks(Math.Max(idleAge.Ticks / 4, TimeSpan.TicksPerSecond));
        _sweep = time.CreateTimer(static book => ((UploadBook)book!).DropIdle(), this, period, period);
    }

    public int Count => Volatile.Read(ref _count);

    public Outcome<Upload> Begin(string repository)
    {
        if (Interlocked.Increment(ref _count) > _uploadsMax)
        {
            DropIdle();
            if (Volatile.Read(ref _count) > _uploadsMax)
            {
                Interlocked.Decrement(ref _count);
                return ContentFailures.UploadsExhausted(_uploadsMax);
            }
        }

        try
        {
            var id = Guid.CreateVersion7().ToString("N");
            var upload = new Upload(id, repository, Path.Combine(_folders.Pending, id), _folders, _blobs, _time);
            _open[id] = upload;
            return upload;
        }
        catch (Exception exception) when (StorageFailure.Explains(exception))
        {
            Interlocked.Decrement(ref _count);
            return StorageFailure.From(exception, _folders.Root)!;
        }
    }

    /// <summary>An upload is found only under the repository it was begun in; ids are not secrets that open other doors.</summary>
    public bool TryFind(string repository, string id, [NotNullWhen(true)] out Upload? upload) =>
        _open.TryGetValue(id, out upload) && upload.Repository == repository;

    public void Close(Upload upload)
    {
        if (_open.TryRemove(upload.Id, out _))
        {
            Interlocked.Decrement(ref _count);
            upload.Dispose();
        }
    }

    public void DropIdle()
    {
        var oldest = _time.GetUtcNow() - _idleAge;
        foreach (var upload in _open.Values)
        {
            if (upload.LastWrittenAt < oldest && !upload.IsBusy)
            {
                Close(upload);
            }
        }
    }

    public void Dispose()
    {
        _sweep.Dispose();
        foreach (var upload in _open.Values)
        {
            Close(upload);
        }
    }
}
