using System.ComponentModel;
using Slipway.Runtime.Instances;
using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Process;

/// <summary>The mounted files of one instance while it lives, and their end: nothing is written after that.</summary>
internal sealed class InstanceVolumes(Machine machine, string instanceId, InstanceUser? user)
{
    private readonly Lock _gate = new();
    private bool _removed;

    /// <summary>False when the instance has ended or its folders do not take the file.</summary>
    public bool TryReplace(MountedFile file)
    {
        lock (_gate)
        {
            if (_removed)
            {
                return false;
            }

            try
            {
                machine.Mounts.Replace(instanceId, file, user);
                return true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception)
            {
                return false;
            }
        }
    }

    public void Remove()
    {
        lock (_gate)
        {
            _removed = true;
            machine.Mounts.Remove(instanceId, user);
            machine.FolderOf(instanceId).RemoveOwned(user);
        }
    }
}
