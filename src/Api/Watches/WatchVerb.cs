using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Api.Watches;

/// <summary>
/// Streams changes until the caller leaves, the time is over or the server stops. First what the caller asked to see of
/// the present, then every change in order.
/// </summary>
internal sealed class WatchVerb(ApiServices services, ReplyWriter writer)
{
    private int _open;

    public Reply Answer(ApiRequest request)
    {
        var parameters = WatchParameters.Read(request, services.Options);
        if (parameters.Failure is { } wrong)
        {
            return wrong;
        }

        if (Interlocked.Increment(ref _open) > services.Options.WatchesMax)
        {
            Interlocked.Decrement(ref _open);
            return new Failure(FailureKind.Exhausted, "too-many-watches", $"{services.Options.WatchesMax} watches are open already; try again later");
        }

        return new Reply.Streamed(async http =>
        {
            try
            {
                await StreamAsync(request, parameters.Value).ConfigureAwait(false);
            }
            finally
            {
                Interlocked.Decrement(ref _open);
            }
        });
    }

    private async Task StreamAsync(ApiRequest request, WatchParameters parameters)
    {
        using var timeLimit = new CancellationTokenSource(parameters.TimeLimit, services.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(request.Cancellation, services.Stopping, timeLimit.Token);
        await using var events = new WatchEventStream(request, writer);

        var picture = parameters.After is null ? services.Store.List(request.Kind, NullIfEmpty(parameters.Selection.Namespace)) : null;
        var opened = services.Store.Watch(request.Kind, parameters.After ?? picture!.Version);
        if (opened.Failure is { } refused)
        {
            // Expired comes as an event: some clients only look for it there.
            events.Error(StatusObject.Of(refused.InClientWords(request.Key)));
            await events.FlushAsync(request.Cancellation).ConfigureAwait(false);
            return;
        }

        using var watch = opened.Value;
        try
        {
            ShowPresent(events, request, parameters, picture);
            await events.FlushAsync(end.Token).ConfigureAwait(false);
            await FollowAsync(watch, events, request, parameters, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeLimit.IsCancellationRequested && !request.Cancellation.IsCancellationRequested)
        {
            if (parameters.Bookmarks)
            {
                events.Bookmark(watch.Position);
                await events.FlushAsync(request.Cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (services.Stopping.IsCancellationRequested)
        {
            // The stream ends cleanly; the client reconnects to whoever serves next.
        }
    }

    private void ShowPresent(WatchEventStream events, ApiRequest request, WatchParameters parameters, ResourceList? picture)
    {
        foreach (var resource in picture?.Items.Where(parameters.Selection.Matches) ?? [])
        {
            events.Object("ADDED", resource);
        }

        if (parameters.InitialEvents)
        {
            events.Bookmark(picture!.Version, initialEventsEnd: true);
        }

        // A client that reads an object and then waits by name for a change to "ready" would wait for ever when the
        // object was settled before it read. One repeated event with the unchanged object ends its wait.
        if (parameters is { After: { } after, Selection.Fields.Name: { } name }
            && services.Store.Get(new ResourceKey(request.Kind, parameters.Selection.Namespace, name)) is { } current
            && current.Version <= after
            && parameters.Selection.Matches(current))
        {
            events.Object("MODIFIED", current);
        }
    }

    private async Task FollowAsync(
        IWatch watch, WatchEventStream events, ApiRequest request, WatchParameters parameters, CancellationToken cancellation)
    {
        while (true)
        {
            var next = await NextOrBookmarkAsync(watch, events, parameters, cancellation).ConfigureAwait(false);
            if (next.Failure is { } ended)
            {
                events.Error(StatusObject.Of(ended.InClientWords(request.Key)));
                await events.FlushAsync(cancellation).ConfigureAwait(false);
                return;
            }

            foreach (var change in next.Value)
            {
                if (SelectedChange.Of(change, parameters.Selection) is var (type, resource))
                {
                    events.Object(type.ToString().ToUpperInvariant(), resource);
                    await events.FlushAsync(cancellation).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Waits for changes; while there are none, says from time to time how far this watch has come.</summary>
    private async Task<Outcome<IReadOnlyList<Change>>> NextOrBookmarkAsync(
        IWatch watch, WatchEventStream events, WatchParameters parameters, CancellationToken cancellation)
    {
        while (true)
        {
            using var quiet = new CancellationTokenSource(services.Options.BookmarkInterval, services.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, quiet.Token);
            try
            {
                return await watch.NextAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                if (parameters.Bookmarks)
                {
                    events.Bookmark(watch.Position);
                    await events.FlushAsync(cancellation).ConfigureAwait(false);
                }
            }
        }
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
