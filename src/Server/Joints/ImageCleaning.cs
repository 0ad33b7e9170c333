using Microsoft.Extensions.Logging;
using Slipway.Registry.Images;
using Slipway.Store;

namespace Slipway.Server.Joints;

/// <summary>Takes away, every hour, the images that nothing names any more. The newest tags of every repository stay.</summary>
internal sealed class ImageCleaning(ImageStore images, IResourceStore store, TimeProvider time, ILogger logger)
{
    private const int NewestTagsKept = 20;
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                var cleaned = await images.CleanAsync(UsedImages.Digests(store), NewestTagsKept, stopping);
                if (cleaned.Failure is { } failure)
                {
                    ServerLog.CleaningFailed(logger, failure.Detail);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops; what is left is looked at in its next life.
        }
    }
}
