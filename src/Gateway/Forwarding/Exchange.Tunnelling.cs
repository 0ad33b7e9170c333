using System.Net.Sockets;
using Slipway.Gateway.Wires;

namespace Slipway.Gateway.Forwarding;

/// <summary>After 101 both sides speak a protocol of their own: bytes pass both ways until both have finished, without any deadline.</summary>
internal sealed partial class Exchange
{
    private async ValueTask TunnelAsync(UpstreamConnection upstream)
    {
        _status = 101;
        _out.Clear();
        ResponseHeadWriter.WriteUpgrade(_out, _response, _identity);
        _client.Wire.WatchEnd(null);
        _client.Receiving.Disarm();
        await SendCountedAsync().ConfigureAwait(false);

        var up = CopyAsync(_client.Wire, upstream.Wire, counted: false);
        var down = CopyAsync(upstream.Wire, _client.Wire, counted: true);
        var first = await Task.WhenAny(up, down).ConfigureAwait(false);
        if (!await first.ConfigureAwait(false))
        {
            // One side broke: whatever the other still says has no listener.
            _client.Abort();
            upstream.Abort();
        }

        await Task.WhenAll(up, down).ConfigureAwait(false);
        _keep = false;
        ReleaseUpstream(upstream, reusable: false);
    }

    /// <summary>True when the source said goodbye, false when something broke.</summary>
    private async Task<bool> CopyAsync(Wire from, Wire to, bool counted)
    {
        try
        {
            while (true)
            {
                var length = from.UnreadLength;
                if (length > 0)
                {
                    if (counted)
                    {
                        _egress += length;
                    }
                    else
                    {
                        _ingress += length;
                    }

                    await to.Transport.SendAsync(from.UnreadMemory).ConfigureAwait(false);
                    from.Consume(length);
                }
                else if (!await from.ReadAsync(Wire.SmallBuffer).ConfigureAwait(false))
                {
                    to.Transport.FinishSending();
                    return !from.Broke;
                }
            }
        }
        catch (Exception broken) when (broken is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            return false;
        }
    }
}
