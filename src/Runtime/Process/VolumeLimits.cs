using Slipway.Runtime.Instances;

namespace Slipway.Runtime.Process;

/// <summary>
/// Holds writable volumes to their sizes by measuring them from time to time: between two looks more may be written.
/// It stops a program that has run away; a quota of the kernel would stop one that means harm.
/// </summary>
internal static class VolumeLimits
{
    // More files than this are not counted, so that a look stays short.
    private const int FilesMax = 100_000;

    /// <summary>Which volume is too big, in words; null when the instance ended before or the driver lets go of it.</summary>
    public static async Task<string?> ExceededAsync(Machine machine, InstanceSpec spec, Task gone)
    {
        var limited = spec.Folders.Where(folder => folder.SizeLimitBytes is not null).DistinctBy(folder => folder.Volume).ToList();
        if (limited.Count == 0)
        {
            return null;
        }

        var instance = machine.FolderOf(spec.Id);
        while (!gone.IsCompleted && !machine.Closed.IsCancellationRequested)
        {
            foreach (var folder in limited)
            {
                var used = DiskUse.Of(machine.Mounts.VolumeOf(spec.Id, folder, instance), FilesMax);
                if (used > folder.SizeLimitBytes)
                {
                    return $"Volume '{folder.Volume}' held {used} bytes; its sizeLimit is {folder.SizeLimitBytes}.";
                }
            }

            await Task.WhenAny(gone, Task.Delay(machine.Options.VolumeInterval, machine.Time, machine.Closed)).ConfigureAwait(false);
        }

        return null;
    }
}
