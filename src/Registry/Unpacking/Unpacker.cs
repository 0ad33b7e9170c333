using System.Collections.Concurrent;
using Slipway.Model.Failures;
using Slipway.Registry.Content;
using Slipway.Registry.Images;

namespace Slipway.Registry.Unpacking;

/// <summary>
/// Lays images out as folders, each once: <c>unpacked/HEX</c> by manifest digest. The folder is filled elsewhere and renamed,
/// so that its being there means that it is complete. Two at a time, since disks gain nothing from more; others wait.
/// </summary>
internal sealed class Unpacker(ContentStore content, long bytesMax, int entriesMax) : IDisposable
{
    private const UnixFileMode Traversable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly ConcurrentDictionary<Digest, Lazy<Task<Outcome<string>>>> _underWay = new();
    private readonly SemaphoreSlim _places = new(2, 2);

    public string PathOf(Digest manifest) => Path.Combine(content.Folders.Unpacked, manifest.Hex);

    public bool IsUnpacked(Digest manifest) => Directory.Exists(PathOf(manifest));

    /// <summary>The folder of an image manifest (not of an index). Callers that come meanwhile share the work.</summary>
    public async Task<Outcome<string>> UnpackAsync(Manifest manifest, bool hostProcess, CancellationToken cancellation)
    {
        if (IsUnpacked(manifest.Digest))
        {
            return PathOf(manifest.Digest);
        }

        // The work belongs to all who wait for it, so one caller's leaving does not end it.
        var work = _underWay.GetOrAdd(manifest.Digest, _ => new Lazy<Task<Outcome<string>>>(() => Task.Run(() => UnpackOnceAsync(manifest, hostProcess), CancellationToken.None)));
        try
        {
            return await work.Value.WaitAsync(cancellation);
        }
        finally
        {
            if (work.Value.IsCompleted)
            {
                _underWay.TryRemove(new KeyValuePair<Digest, Lazy<Task<Outcome<string>>>>(manifest.Digest, work));
            }
        }
    }

    /// <summary>Removes a folder in a way that never leaves half of one behind under its name.</summary>
    public void Remove(Digest manifest)
    {
        var doomed = Path.Combine(content.Folders.Unpacking, Guid.CreateVersion7().ToString("N"));
        try
        {
            Directory.Move(PathOf(manifest), doomed);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }

        Directory.Delete(doomed, recursive: true);
    }

    public IReadOnlyList<Digest> List()
    {
        var found = new List<Digest>();
        foreach (var folder in Directory.EnumerateDirectories(content.Folders.Unpacked))
        {
            if (Digest.TryParseHex(Path.GetFileName(folder), out var digest))
            {
                found.Add(digest);
            }
        }

        return found;
    }

    public void Dispose() => _places.Dispose();

    private async Task<Outcome<string>> UnpackOnceAsync(Manifest manifest, bool hostProcess)
    {
        var work = Path.Combine(content.Folders.Unpacking, Guid.CreateVersion7().ToString("N"));
        await _places.WaitAsync();
        try
        {
            if (IsUnpacked(manifest.Digest))
            {
                return PathOf(manifest.Digest);
            }

            Directory.CreateDirectory(work);
            if (await FillAsync(manifest, work, new UnpackRules(hostProcess, bytesMax, entriesMax)) is { } failure)
            {
                return failure;
            }

            File.SetUnixFileMode(work, Traversable | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            DurableFile.SyncFileSystemOf(work);
            Directory.Move(work, PathOf(manifest.Digest));
            DurableFile.SyncFolder(content.Folders.Unpacked);
            return PathOf(manifest.Digest);
        }
        catch (UnpackRefusedException refused)
        {
            return ImageFailures.Hostile(refused.Message);
        }
        catch (Exception exception) when (StorageFailure.Explains(exception))
        {
            return StorageFailure.From(exception, content.Folders.Root)!;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException or ArgumentException or IOException)
        {
            // What the archive and compression readers throw for bytes that make no sense.
            return ImageFailures.Hostile($"it cannot be read ({exception.Message})");
        }
        finally
        {
            if (Directory.Exists(work))
            {
                Directory.Delete(work, recursive: true);
            }

            _places.Release();
        }
    }

    private async Task<Failure?> FillAsync(Manifest manifest, string work, UnpackRules rules)
    {
        var unpacker = new LayerUnpacker(new RootedFolder(work), rules);
        foreach (var descriptor in manifest.Model.Layers!)
        {
            if (!Digest.TryParse(descriptor.Digest, out var digest) || content.Blobs.OpenRead(digest) is not { } stored)
            {
                return ImageFailures.Unsupported(manifest.Digest.ToString(), $"its layer {descriptor.Digest} is not in the registry");
            }

            using var layer = LayerStream.Open(stored, rules.BytesMax + (1024L * rules.EntriesMax));
            if (layer is null)
            {
                await stored.DisposeAsync();
                return ImageFailures.Unsupported(manifest.Digest.ToString(),
                    $"its layer {digest} is compressed with zstd, which this version cannot unpack; build the image with gzip layers");
            }

            await unpacker.ApplyAsync(layer, CancellationToken.None);
            if (Digest.OfHash(await layer.FinishAsync(CancellationToken.None)) != digest)
            {
                return ImageFailures.Hostile($"the stored layer {digest} has been damaged; push the image again");
            }
        }

        unpacker.Finish();
        return null;
    }
}
