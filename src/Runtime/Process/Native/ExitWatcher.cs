using System.Runtime.InteropServices;

namespace Slipway.Runtime.Process.Native;

/// <param name="Code">As a shell would say it (128 + signal when killed); null when it was not our child and the kernel tells nobody.</param>
internal readonly record struct ProcessExit(int? Code);

/// <summary>
/// Tells when processes end: our own children with their exit code, adopted ones without. One thread sleeps in poll(2)
/// over their pidfds; nothing is installed for SIGCHLD, which belongs to the runtime. On kernels older than 5.3 it looks
/// every 100 ms instead.
/// </summary>
internal sealed class ExitWatcher : IDisposable
{
    private const int WithoutPidfdMilliseconds = 100;
    private const int NoHang = 1;

    private readonly Lock _gate = new();
    private readonly List<Watch> _watches = [];
    private readonly int _wake = LibC.EventFd(0, 0x80000);
    private readonly Thread _thread;
    private volatile bool _stopped;

    public ExitWatcher()
    {
        if (_wake < 0)
        {
            throw new IOException($"eventfd failed with error {Marshal.GetLastPInvokeError()}.");
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "slipway-exits" };
        _thread.Start();
    }

    /// <param name="identity">The process as it is now; a process with another start time is another process.</param>
    public Task<ProcessExit> WatchAsync(ProcessIdentity identity, bool ownChild)
    {
        var pidfd = LibC.PidfdOpen(identity.Pid);
        var unsupported = pidfd < 0 && Marshal.GetLastPInvokeError() != LibC.NoSuchProcess;
        var watch = new Watch(identity, ownChild, pidfd);

        // The pid may have been given to someone else between the look at it and the open.
        if (!ownChild && (ProcFs.Identify(identity.Pid) != identity || (pidfd < 0 && !unsupported)))
        {
            watch.Close();
            return Task.FromResult(new ProcessExit(null));
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            _watches.Add(watch);
        }

        Wake();
        return watch.Ended.Task;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
        }

        Wake();
        _thread.Join();
        _ = LibC.Close(_wake);
    }

    private unsafe void Wake()
    {
        var one = 1UL;
        _ = LibC.Write(_wake, &one, sizeof(ulong));
    }

    private unsafe void Run()
    {
        while (!_stopped)
        {
            Watch[] watches;
            lock (_gate)
            {
                watches = [.. _watches];
            }

            var entries = new LibC.PollEntry[watches.Length + 1];
            entries[0] = new LibC.PollEntry { FileDescriptor = _wake, Events = LibC.PollIn };
            for (var i = 0; i < watches.Length; i++)
            {
                entries[i + 1] = new LibC.PollEntry { FileDescriptor = watches[i].Pidfd, Events = LibC.PollIn };
            }

            var blind = watches.Any(watch => watch.Pidfd < 0);
            fixed (LibC.PollEntry* first = entries)
            {
                _ = LibC.Poll(first, (nuint)entries.Length, blind ? WithoutPidfdMilliseconds : -1);
            }

            if (entries[0].Returned != 0)
            {
                ulong drained;
                _ = LibC.Read(_wake, &drained, sizeof(ulong));
            }

            for (var i = 0; i < watches.Length; i++)
            {
                if ((watches[i].Pidfd < 0 || entries[i + 1].Returned != 0) && watches[i].TryReap(out var exit))
                {
                    lock (_gate)
                    {
                        _watches.Remove(watches[i]);
                    }

                    watches[i].Close();
                    watches[i].Ended.SetResult(exit);
                }
            }
        }

        lock (_gate)
        {
            _watches.ForEach(watch => watch.Close());
            _watches.Clear();
        }
    }

    private sealed class Watch(ProcessIdentity identity, bool ownChild, int pidfd)
    {
        public int Pidfd { get; } = pidfd;

        // Continuations leave this thread: it must be back in poll before anybody reacts.
        public TaskCompletionSource<ProcessExit> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool TryReap(out ProcessExit exit)
        {
            exit = new ProcessExit(null);
            if (!ownChild)
            {
                return Pidfd >= 0 || ProcFs.Identify(identity.Pid) != identity;
            }

            var reaped = LibC.WaitPid(identity.Pid, out var status, NoHang);
            if (reaped == 0)
            {
                return false;
            }

            if (reaped == identity.Pid)
            {
                var signal = status & 0x7f;
                exit = new ProcessExit(signal == 0 ? (status >> 8) & 0xff : 128 + signal);
            }

            return true;
        }

        public void Close()
        {
            if (Pidfd >= 0)
            {
                _ = LibC.Close(Pidfd);
            }
        }
    }
}
