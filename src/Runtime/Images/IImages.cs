using Slipway.Model.Failures;
using Slipway.Runtime.Instances;

namespace Slipway.Runtime.Images;

/// <summary>Turns what a manifest calls an image into something a driver can run.</summary>
public interface IImages
{
    /// <summary>
    /// The digest reference (<c>repo@sha256:…</c>, same repository text) behind a tag or digest.
    /// Failure codes: <c>image-not-found</c>, <c>image-unauthorised</c>, <c>registry-unreachable</c>.
    /// </summary>
    Task<Outcome<string>> ResolveAsync(string reference, CancellationToken cancellation);

    /// <summary>The unpacked image behind a digest reference; unpacks it first when it is not there.</summary>
    Task<Outcome<RunnableImage>> PrepareAsync(string digestReference, CancellationToken cancellation);
}
