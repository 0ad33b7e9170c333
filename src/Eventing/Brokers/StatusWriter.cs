using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Eventing.Brokers;

/// <summary>Writes a status only when it says something new.</summary>
internal static class StatusWriter
{
    /// <summary>False when somebody else was faster; the next look starts from what they wrote.</summary>
    public static async Task<bool> WriteAsync(IResourceStore store, Resource resource, byte[] status, CancellationToken cancellation)
    {
        var next = resource.WithRaw("status", status);
        if (next.RawField("status").Span.SequenceEqual(resource.RawField("status").Span))
        {
            return true;
        }

        var written = await store.ReplaceAsync(next, WriteOptions.Default, cancellation);
        return written.Failure is null or { Kind: FailureKind.NotFound };
    }
}
