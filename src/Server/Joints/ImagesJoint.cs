using Slipway.Model.Failures;
using Slipway.Registry.Images;
using Slipway.Runtime.Images;
using Slipway.Runtime.Instances;

namespace Slipway.Server.Joints;

/// <summary>The registry's images in the words of the runtime; the two rooms do not know each other.</summary>
internal sealed class ImagesJoint(ImageStore store) : IImages
{
    public Task<Outcome<string>> ResolveAsync(string reference, CancellationToken cancellation) => store.ResolveAsync(reference, cancellation);

    public async Task<Outcome<RunnableImage>> PrepareAsync(string digestReference, CancellationToken cancellation)
    {
        var prepared = await store.PrepareAsync(digestReference, cancellation);
        return prepared.Succeeded
            ? new RunnableImage(
                prepared.Value.Root,
                prepared.Value.HostProcess,
                prepared.Value.Entrypoint,
                prepared.Value.Cmd,
                prepared.Value.Env,
                prepared.Value.WorkingDir,
                prepared.Value.User)
            : prepared.Failure!;
    }
}
