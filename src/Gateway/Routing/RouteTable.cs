using Microsoft.Extensions.Logging;
using Slipway.Runtime.Endpoints;
using Slipway.Store;

namespace Slipway.Gateway.Routing;

/// <summary>
/// Holds the present snapshot and keeps it up to date: from the file at the start, from the store as soon as it is open,
/// and with whatever was last known when the store is gone.
/// </summary>
internal sealed class RouteTable(
    SnapshotBuilder builder,
    Admission.TrafficBook book,
    string? path,
    TimeProvider time,
    ILogger logger)
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_saveEvery = TimeSpan.FromSeconds(1);

    private readonly PictureReader _reader = new();
    private RoutingSnapshot _current = RoutingSnapshot.Empty;
    private RoutingPicture? _unsaved;

    public RoutingSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Raised after a snapshot was taken up: from now on requests are routed by it.</summary>
    public event Action? Swapped;

    public void Load()
    {
        if (path is not null && SnapshotFile.Read(path) is { } picture)
        {
            Swap(picture);
            GatewayLog.SnapshotLoaded(logger, picture.Services.Count, picture.Version);
        }
    }

    /// <summary>Follows the store until cancelled. Changes that pile up while a snapshot is built become one next snapshot.</summary>
    public async Task FollowAsync(IResourceStore store, CancellationToken cancellation)
    {
        var saving = SaveAsync(cancellation);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await FollowOnceAsync(store, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // Routing must outlive whatever happens to the store; the last snapshot goes on serving.
            catch (Exception trouble)
#pragma warning restore CA1031
            {
                GatewayLog.FollowingFailed(logger, trouble);
                await Task.Delay(s_retryAfter, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await saving.ConfigureAwait(false);
    }

    /// <summary>Writes what is not on disk yet; called at an orderly stop.</summary>
    public void Save()
    {
        if (path is null || Interlocked.Exchange(ref _unsaved, null) is not { } picture)
        {
            return;
        }

        try
        {
            SnapshotFile.Write(path, picture);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            GatewayLog.SnapshotNotSaved(logger, path, failed);
        }
    }

    private async Task FollowOnceAsync(IResourceStore store, CancellationToken cancellation)
    {
        var from = store.Version;
        Swap(_reader.Read(store));
        var started = store.Watch(null, from);
        if (!started.Succeeded)
        {
            return;
        }

        using var watch = started.Value;
        while (true)
        {
            var next = await watch.NextAsync(cancellation).ConfigureAwait(false);
            if (!next.Succeeded)
            {
                return;
            }

            foreach (var change in next.Value)
            {
                if (PictureReader.Concerns(change.Resource.Kind))
                {
                    Swap(_reader.Read(store));
                    break;
                }
            }
        }
    }

    private void Swap(RoutingPicture picture)
    {
        Volatile.Write(ref _current, builder.Build(picture));
        Volatile.Write(ref _unsaved, picture);
        book.Trim(new HashSet<RevisionKey>(picture.Services.SelectMany(service =>
            service.Traffic.Select(target => new RevisionKey(service.Namespace, target.RevisionName!)))));
        Swapped?.Invoke();
    }

    private async Task SaveAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_saveEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
            {
                Save();
            }
        }
        catch (OperationCanceledException)
        {
            Save();
        }
    }
}
