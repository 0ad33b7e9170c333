using Slipway.Runtime.Instances;
using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Process;

/// <summary>Taking the CPU away from an instance and giving it back.</summary>
internal sealed partial class ProcessInstance
{
    private const int FreezeTriesMax = 30;
    private static readonly TimeSpan s_freezePause = TimeSpan.FromMilliseconds(10);

    public async Task<bool> FreezeAsync(CancellationToken cancellation) => await SwitchAsync(InstancePhase.Running, InstancePhase.Frozen, frozen: true, cancellation).ConfigureAwait(false);

    public async Task<bool> ThawAsync(CancellationToken cancellation) => await SwitchAsync(InstancePhase.Frozen, InstancePhase.Running, frozen: false, cancellation).ConfigureAwait(false);

    private async Task<bool> SwitchAsync(InstancePhase from, InstancePhase to, bool frozen, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (State.Phase == to)
            {
                return true;
            }

            if (State.Phase != from)
            {
                return false;
            }

            if (!await TrySwitchAsync(frozen, cancellation).ConfigureAwait(false))
            {
                if (_groups.CanFreeze)
                {
                    return false;
                }

                _members.SignalGroupFirst(frozen ? LibC.SigStop : LibC.SigCont);
            }

            return Become(state => state.Phase == from ? state with { Phase = to } : state).Phase == to;
        }
        finally
        {
            _turn.Release();
            _announcer.Deliver();
        }
    }

    /// <summary>
    /// The kernel freezes a process where it next runs into the kernel. On a machine with many others waiting it may not
    /// even get the CPU for that while we look, so a freeze is tried for some time.
    /// </summary>
    private async Task<bool> TrySwitchAsync(bool frozen, CancellationToken cancellation)
    {
        for (var tries = 1; !_groups.TryFreeze(Id, frozen); tries++)
        {
            if (!frozen || !_groups.CanFreeze || tries == FreezeTriesMax || HasEnded)
            {
                return false;
            }

            await Task.Delay(s_freezePause, _machine.Time, cancellation).ConfigureAwait(false);
        }

        return true;
    }
}
