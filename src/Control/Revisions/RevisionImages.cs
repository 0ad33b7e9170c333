using System.Collections.Concurrent;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Runtime.Images;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Revisions;

/// <summary>
/// The image of a Revision: its tag is resolved to a digest once, and the unpacked image is remembered as long as the
/// Revision has a plan.
/// </summary>
internal sealed class RevisionImages(IImages images)
{
    private readonly ConcurrentDictionary<string, RunnableImage> _prepared = new(StringComparer.Ordinal);

    public Task<Outcome<string>> ResolveAsync(string reference, CancellationToken cancellation) =>
        images.ResolveAsync(reference, cancellation);

    public async Task<Outcome<RunnableImage>> PrepareAsync(Resource revision, string digest, CancellationToken cancellation)
    {
        if (_prepared.TryGetValue(revision.Uid, out var known))
        {
            return known;
        }

        var prepared = await images.PrepareAsync(digest, cancellation);
        if (prepared.Succeeded)
        {
            _prepared[revision.Uid] = prepared.Value;
        }

        return prepared;
    }

    /// <summary>The unpacked image may be gone or is not needed any more; the next question looks again.</summary>
    public void Forget(string revisionUid) => _prepared.TryRemove(revisionUid, out _);
}
