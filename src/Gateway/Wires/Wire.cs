using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Slipway.Gateway.Wires;

/// <summary>
/// A transport with an input buffer that reads ahead: a receive may be outstanding while nobody waits for data. That is
/// how a client that leaves is noticed while its answer is computed, and how an idle upstream connection tells that it
/// was closed, without a system call of its own. One owner reads; the end of the stream is announced from any thread.
/// </summary>
internal sealed class Wire : IValueTaskSource<bool>
{
    public const int SmallBuffer = 4 * 1024;
    public const int LargeBuffer = 32 * 1024;

    private readonly Transport _transport;
    private readonly Action _onReceived;
    private ManualResetValueTaskSourceCore<bool> _signal;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _receiving;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _received;
    private bool _outstanding;
    private volatile bool _finished;
    private volatile bool _ended;
    private Action? _onEnd;

    public Wire(Transport transport)
    {
        _transport = transport;
        _onReceived = Received;
    }

    public Transport Transport => _transport;

    /// <summary>What has arrived and was not consumed yet.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    public ReadOnlyMemory<byte> UnreadMemory => _buffer.AsMemory(_start, _end - _start);

    public int UnreadLength => _end - _start;

    /// <summary>Something arrived, or the stream ended, since reading ahead began: an idle upstream connection is then of no more use.</summary>
    public bool HasNews => _outstanding && _finished;

    public bool HasEnded => _ended;

    /// <summary>The end was not a polite one.</summary>
    public bool Broke => _ended && _received < 0;

    public void Consume(int count)
    {
        _start += count;
        if (_start == _end && !_outstanding)
        {
            _start = 0;
            _end = 0;
        }
    }

    /// <summary>Called once when the stream ends or breaks, also if it already has. Null takes the watcher off again.</summary>
    public void WatchEnd(Action? onEnd)
    {
        // A full fence: the end may be announced between this write and the read of _ended below.
        Interlocked.Exchange(ref _onEnd, onEnd);
        if (onEnd is not null && _ended && Interlocked.Exchange(ref _onEnd, null) is { } late)
        {
            late();
        }
    }

    /// <summary>Posts a receive unless one is outstanding. <paramref name="room"/> is the space wanted for it.</summary>
    public void ReadAhead(int room = 1024)
    {
        if (_outstanding || _ended)
        {
            return;
        }

        MakeRoom(room);
        _outstanding = true;
        _finished = false;
        _signal.Reset();
        ValueTask<int> receiving;
        try
        {
            receiving = _transport.ReceiveAsync(_buffer.AsMemory(_end));
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            Finish(-1);
            return;
        }

        _receiving = receiving.ConfigureAwait(false).GetAwaiter();
        if (_receiving.IsCompleted)
        {
            Received();
        }
        else
        {
            _receiving.UnsafeOnCompleted(_onReceived);
        }
    }

    /// <summary>Waits for at least one more byte; false when there will be none.</summary>
    public ValueTask<bool> ReadAsync(int room = 1024)
    {
        if (!_outstanding)
        {
            if (_ended)
            {
                return new ValueTask<bool>(false);
            }

            ReadAhead(room);
        }

        return new ValueTask<bool>(this, _signal.Version);
    }

    /// <summary>Gives the buffer back. The wire is of no use afterwards.</summary>
    public void Close()
    {
        _transport.Abort();
        if (!_outstanding || _finished)
        {
            var buffer = _buffer;
            _buffer = [];
            _start = _end = 0;
            if (buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        // With a receive still pending the kernel may yet write into the buffer: it is left to the garbage collector.
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        var more = _signal.GetResult(token);
        _outstanding = false;
        if (more)
        {
            _end += _received;
        }

        return more;
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _signal.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token, flags);

    private static bool IsBroken(Exception exception) =>
        exception is SocketException or IOException or ObjectDisposedException or InvalidOperationException;

    private void Received()
    {
        int received;
        try
        {
            received = _receiving.GetResult();
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            received = -1;
        }

        Finish(received);
    }

    private void Finish(int received)
    {
        _received = received;
        if (received <= 0)
        {
            _ended = true;
        }

        _finished = true;
        if (received <= 0)
        {
            Interlocked.Exchange(ref _onEnd, null)?.Invoke();
        }

        _signal.SetResult(received > 0);
    }

    private void MakeRoom(int room)
    {
        var unread = _end - _start;
        if (unread == 0)
        {
            _start = _end = 0;
            if (_buffer.Length > SmallBuffer && room <= SmallBuffer)
            {
                // A large body went through here; idle connections should not keep what it needed.
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = [];
            }
        }

        if (_buffer.Length - _end >= room)
        {
            return;
        }

        if (_buffer.Length - unread >= room)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, unread);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(SmallBuffer, unread + room));
            Buffer.BlockCopy(_buffer, _start, larger, 0, unread);
            if (_buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
            }

            _buffer = larger;
        }

        _start = 0;
        _end = unread;
    }
}
