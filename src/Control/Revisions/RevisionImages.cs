using System.Collections.Concurrent;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Runtime.Images;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Revisions;

/// <summary>
/// The image of a Revision: its tag is resolved to a digest once, and the unpacked image is remembered as long as the
/// Revision has a plan. Every question to a registry has a limit, because a worker waits for the answer.
/// </summary>
internal sealed class RevisionImages(IImages images, TimeProvider time)
{
    private static readonly TimeSpan s_resolveLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_prepareLimit = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, RunnableImage> _prepared = new(StringComparer.Ordinal);

    public Task<Outcome<string>> ResolveAsync(string reference, CancellationToken cancellation) =>
        LimitAsync(s_resolveLimit, limited => images.ResolveAsync(reference, limited), "The registry did not answer in time.", cancellation);

    public async Task<Outcome<RunnableImage>> PrepareAsync(Resource revision, string digest, CancellationToken cancellation)
    {
        if (_prepared.TryGetValue(revision.Uid, out var known))
        {
            return known;
        }

        var prepared = await LimitAsync(
            s_prepareLimit, limited => images.PrepareAsync(digest, limited), "Fetching and unpacking the image took too long.", cancellation);
        if (prepared.Succeeded)
        {
            _prepared[revision.Uid] = prepared.Value;
        }

        return prepared;
    }

    /// <summary>The unpacked image may be gone or is not needed any more; the next question looks again.</summary>
    public void Forget(string revisionUid) => _prepared.TryRemove(revisionUid, out _);

    private async Task<Outcome<T>> LimitAsync<T>(
        TimeSpan limit, Func<CancellationToken, Task<Outcome<T>>> ask, string late, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try
        {
            return await ask(limited.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new Failure(FailureKind.Unavailable, "registry-unreachable", late);
        }
    }
}
