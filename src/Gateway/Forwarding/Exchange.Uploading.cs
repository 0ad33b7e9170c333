using System.Net.Sockets;
using Slipway.Gateway.Listening;

namespace Slipway.Gateway.Forwarding;

/// <summary>A request body on its way to the instance while the answer may already come back.</summary>
internal sealed partial class Exchange
{
    /// <summary>However fast a body was before, it may not stand still for longer than this.</summary>
    private static readonly TimeSpan s_stallMax = TimeSpan.FromSeconds(60);

    /// <summary>What a client may still send after its answer; more, or slower, and it is cut.</summary>
    private const int DiscardMax = 1024 * 1024;
    private static readonly TimeSpan s_discardFor = TimeSpan.FromSeconds(2);

    private bool _pumping;
    private Task _pump = Task.CompletedTask;
    private volatile bool _bodyRefused;
    private volatile bool _discarding;

    /// <summary>The whole body was handed to the instance.</summary>
    private bool RequestIsThrough => _pumping ? _pump.IsCompleted && _requestBody.IsDone : _requestBody.IsDone;

    /// <summary>Reads at the client's pace, never ahead of what the instance takes.</summary>
    private async Task PumpRequestAsync(UpstreamConnection upstream)
    {
        var wire = _client.Wire;
        var began = _core.Now;
        var budget = DiscardMax;
        var upstreamLives = true;
        while (!_requestBody.IsDone)
        {
            if (_requestBody.IsBroken || (_core.Limits.RequestBodyBytesMax > 0 && _ingress > _core.Limits.RequestBodyBytesMax && !_discarding))
            {
                _bodyRefused = true;
                upstream.Abort();
                return;
            }

            if (wire.UnreadLength == 0 && !await ReadBodyAsync(wire, began).ConfigureAwait(false))
            {
                ClientGone();
                return;
            }

            var taken = _requestBody.Take(wire.Unread);
            _ingress += taken;
            if (upstreamLives && !_discarding)
            {
                upstreamLives = await SendUpstreamAsync(upstream, wire.UnreadMemory[..taken]).ConfigureAwait(false);
            }
            else if ((budget -= taken) < 0)
            {
                _client.Abort();
            }

            wire.Consume(taken);
        }

        _client.Receiving.Disarm();
        if (!_discarding)
        {
            WatchClient();
        }
    }

    private async ValueTask<bool> ReadBodyAsync(Wires.Wire wire, long began)
    {
        var rate = _core.Limits.BodyBytesPerSecondMin;
        if (_discarding)
        {
            _client.Receiving.Arm(Wait.RequestBody, _core.After(s_discardFor));
        }
        else if (rate > 0)
        {
            // What has come so far buys time for the next read; a client that drips never earns enough of it.
            var earned = _core.Limits.BodyGrace + TimeSpan.FromSeconds((double)_ingress / rate);
            var ceiling = TimeSpan.FromSeconds(_core.SecondsSince(began)) + s_stallMax;
            var allowed = earned < ceiling ? earned : ceiling;
            if (!_client.Receiving.Arm(Wait.RequestBody, began + (long)(allowed.TotalSeconds * _core.Time.TimestampFrequency)))
            {
                return false;
            }
        }

        return await wire.ReadAsync(InlineMax).ConfigureAwait(false);
    }

    private static async ValueTask<bool> SendUpstreamAsync(UpstreamConnection upstream, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await upstream.Wire.Transport.SendAsync(bytes).ConfigureAwait(false);
            return true;
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The last bytes are being taken while the answer has already begun: a moment decides whether both connections can go on.</summary>
    private async ValueTask FinishPumpAsync()
    {
        try
        {
            await _pump.WaitAsync(TimeSpan.FromSeconds(1), _core.Time, CancellationToken.None).ConfigureAwait(false);
            _pumping = false;
        }
        catch (TimeoutException)
        {
            // The instance answers without taking what it was sent; the connection ends with this answer.
        }
    }

    private async ValueTask EndPumpAsync()
    {
        await _pump.ConfigureAwait(false);
        _pumping = false;
    }

    /// <summary>
    /// The answer is out and the rest of the body is not wanted: take it for a moment, so that closing does not reset
    /// the connection before the client has read its answer.
    /// </summary>
    private async ValueTask DiscardBodyAsync()
    {
        _discarding = true;
        Volatile.Read(ref _upstream)?.Abort();
        _client.Wire.Transport.FinishSending();
        if (!_client.Receiving.Arm(Wait.RequestBody, _core.After(s_discardFor)))
        {
            _client.Abort();
        }

        await EndPumpAsync().ConfigureAwait(false);
    }
}
