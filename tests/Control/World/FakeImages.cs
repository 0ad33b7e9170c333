using Slipway.Model.Failures;
using Slipway.Runtime.Images;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Tests.World;

/// <summary>A registry that has every image, unless a test says otherwise.</summary>
internal sealed class FakeImages : IImages
{
    public Dictionary<string, Failure> Failures { get; } = [];

    public HashSet<string> ContainersOnly { get; } = [];

    public int Resolved { get; private set; }

    public Task<Outcome<string>> ResolveAsync(string reference, CancellationToken cancellation)
    {
        Resolved++;
        return Task.FromResult<Outcome<string>>(
            Failures.TryGetValue(reference, out var failure) ? failure : $"{reference.Split(':')[0]}@sha256:{new string('a', 64)}");
    }

    public Task<Outcome<RunnableImage>> PrepareAsync(string digestReference, CancellationToken cancellation) =>
        Task.FromResult<Outcome<RunnableImage>>(
            new RunnableImage("/images/x", !ContainersOnly.Contains(digestReference.Split('@')[0]), ["/app"], [], [], null, null));
}
