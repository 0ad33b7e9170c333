using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Slipway.Gateway.Balancing;
using Slipway.Gateway.Listening;
using Slipway.Gateway.Messages;
using Slipway.Gateway.Refusals;

namespace Slipway.Gateway.Forwarding;

/// <summary>Hands the request to an instance and waits for the head of its answer; tries again only when that cannot do harm.</summary>
internal sealed partial class Exchange
{

    private enum Attempt
    {
        /// <summary>The head of the answer is not complete yet.</summary>
        Incomplete,

        /// <summary>A head was read, but another one follows.</summary>
        Interim,
        Answered,
        NotConnected,
        Stale,
        TimedOut,
        Failed,
        Invalid,
        BadBody,

        /// <summary>The retry rule wants another try, and another try does no harm.</summary>
        Again,
        ClientGone,
    }

    /// <summary>What an attempt without an answer means: a refusal, or null to try again.</summary>
    private async ValueTask<Refusal?> AfterAsync(Attempt attempt, InstanceSlot slot)
    {
        switch (attempt)
        {
            case Attempt.ClientGone:
                return KnownRefusals.ClientGone;
            case Attempt.TimedOut:
                return KnownRefusals.UpstreamTimeout;
            case Attempt.Failed:
                return KnownRefusals.UpstreamFailed;
            case Attempt.BadBody:
                return _requestBody.IsBroken ? KnownRefusals.ChunkBroken : KnownRefusals.BodyTooLarge(_core.Limits.RequestBodyBytesMax);
            case Attempt.Invalid:
                slot.Failed(_core.Limits.EjectAfter, _core.Limits.EjectFor);
                return KnownRefusals.UpstreamInvalid;
            case Attempt.Again:
                return await AdmitAgainAsync(slot, _decision!.Retry!.Backoff).ConfigureAwait(false);
            case Attempt.NotConnected:
                slot.Failed(_core.Limits.EjectAfter, _core.Limits.EjectFor);

                // Nothing was sent yet. Others may be ready; if not, the control plane needs a moment to notice.
                return _attempts >= _core.Limits.ConnectAttemptsMax
                    ? KnownRefusals.UpstreamUnreachable
                    : await AdmitAgainAsync(slot, TimeSpan.FromMilliseconds(20 * _attempts)).ConfigureAwait(false);
            default:
                // The instance had closed the idle connection. Its others are as old: a new one decides.
                slot.Pool.Clear();
                return null;
        }
    }

    private async ValueTask<Refusal?> AdmitAgainAsync(InstanceSlot slot, TimeSpan pause)
    {
        LeaveInstance();
        await Task.Delay(pause, _core.Time, CancellationToken.None).ConfigureAwait(false);
        return _clientGone ? KnownRefusals.ClientGone : await AdmitAsync(_share!.Traffic, slot).ConfigureAwait(false);
    }

    /// <summary>Whether the retry rule asks for another try of a request that can be sent again as it was.</summary>
    private bool TriesAgain(bool replayable, int status) =>
        replayable && !_clientGone && _decision?.Retry is { } rule && _attempts <= rule.Attempts
        && (status == 0 || rule.Codes.Contains(status)) && (rule.Budget is null || rule.Budget.TryTake());

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Attempt> TryAsync(InstanceSlot slot)
    {
        var upstream = slot.Pool.Take();
        if (upstream is null)
        {
            upstream = await ConnectAsync(slot).ConfigureAwait(false);
            if (upstream is null)
            {
                return _clientGone ? Attempt.ClientGone : Attempt.NotConnected;
            }
        }
        else
        {
            Volatile.Write(ref _upstream, upstream);
        }

        var inline = WriteHead();
        _handedOver = _core.Now;
        if (!ArmResponseStart())
        {
            return End(upstream, Attempt.TimedOut);
        }

        var replayable = _request.IsIdempotent && (inline >= 0 || _requestBody.IsDone);
        try
        {
            await upstream.Wire.Transport.SendAsync(_out.Memory).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It may have answered before it closed ("413", "408"): the answer, if any, is read below.
        }

        if (inline < 0)
        {
            _pumping = true;
            _pump = PumpRequestAsync(upstream);
        }
        else if (inline == 0)
        {
            WatchClient();
        }
        else
        {
            WatchClientAfterBody();
        }

        // The loop stands here and not in a method of its own: waiting for the answer is what nearly every request does.
        var attempt = ReadResponseHead(upstream.Wire, 0);
        while (attempt is Attempt.Incomplete or Attempt.Interim)
        {
            if (attempt == Attempt.Interim)
            {
                attempt = await PassInterimAsync(upstream.Wire).ConfigureAwait(false);
                continue;
            }

            var seen = upstream.Wire.UnreadLength;
            attempt = await upstream.Wire.ReadAsync(2048).ConfigureAwait(false) ? ReadResponseHead(upstream.Wire, seen) : EndedEarly(upstream.Wire);
        }

        if (attempt != Attempt.Answered)
        {
            if (attempt == Attempt.Failed && upstream.WasUsed && replayable && upstream.Wire.UnreadLength == 0)
            {
                return End(upstream, Attempt.Stale);
            }

            if (attempt == Attempt.Failed && TriesAgain(replayable, 0))
            {
                return End(upstream, Attempt.Again);
            }

            End(upstream, attempt);
            if (_pumping && (_pump.IsCompleted || attempt == Attempt.ClientGone))
            {
                await EndPumpAsync().ConfigureAwait(false);
            }

            return _bodyRefused ? Attempt.BadBody : attempt;
        }

        upstream.WasUsed = true;
        if (_response.Status >= 500 && TriesAgain(replayable, _response.Status))
        {
            return End(upstream, Attempt.Again);
        }

        if (inline > 0)
        {
            // Kept until now so that the request could be sent again.
            ConsumeInlineBody(inline);
        }

        if (_response.Status == 101)
        {
            await TunnelAsync(upstream).ConfigureAwait(false);
            return Attempt.Answered;
        }

        if (_pumping && _requestBody.IsDone)
        {
            await FinishPumpAsync().ConfigureAwait(false);
        }

        await AnswerAsync(upstream).ConfigureAwait(false);
        return Attempt.Answered;
    }

    private async ValueTask<UpstreamConnection?> ConnectAsync(InstanceSlot slot)
    {
        var upstream = UpstreamConnection.Create(slot.Address!, slot.Pool.Generation);
        Volatile.Write(ref _upstream, upstream);
        if (_clientGone || !_answering.Arm(Wait.Connect, _core.After(_core.Limits.ConnectTimeout)))
        {
            return Drop(upstream);
        }

        try
        {
            await upstream.ConnectAsync(slot.Address!).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            _answering.Reset();
            return Drop(upstream);
        }

        return upstream;
    }

    private UpstreamConnection? Drop(UpstreamConnection upstream)
    {
        Volatile.Write(ref _upstream, null);
        upstream.Close();
        return null;
    }

    /// <summary>
    /// Composes the head, and the body behind it when all of it is here and small. Returns how many bytes of body came
    /// along, 0 when there is none, -1 when it has to be pumped.
    /// </summary>
    private int WriteHead()
    {
        _out.Clear();
        RequestHeadWriter.Write(_out, _request, _identity, new Hop
        {
            Rewrite = _decision?.Rewrite,
            PeerText = _client.PeerText,
            PeerIsV6 = _client.PeerIsV6,
            Secure = _client.Secure,
        });
        if (_requestBody.IsDone)
        {
            return 0;
        }

        var unread = _client.Wire.Unread;
        if (_requestBody.Kind != BodyKind.Length || unread.Length < _requestBody.Remaining || _requestBody.Remaining > InlineMax)
        {
            return -1;
        }

        var body = unread[..(int)_requestBody.Remaining];
        _out.Write(body);
        return body.Length;
    }

    private void ConsumeInlineBody(int length)
    {
        _requestBody.Take(_client.Wire.Unread[..length]);
        _client.Wire.Consume(length);
        _ingress += length;
    }

    /// <summary>The body stands unread in the buffer; anything behind it is the next request.</summary>
    private void WatchClientAfterBody()
    {
        if (_client.Wire.UnreadLength == _requestBody.Remaining)
        {
            _client.Wire.ReadAhead();
        }

        _client.Wire.WatchEnd(_onClientGone);
    }

    private Attempt ReadResponseHead(Wires.Wire wire, int seen)
    {
        var unread = wire.Unread;
        var from = Math.Max(0, seen - 3);
        var end = unread[from..].IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return unread.Length > MessageHead.BytesMax || (unread.Length >= 5 && !unread.StartsWith("HTTP/"u8)) ? Attempt.Invalid : Attempt.Incomplete;
        }

        var length = from + end + 4;
        if (length > MessageHead.BytesMax || _response.Read(unread[..length]) != HeadError.None)
        {
            return Attempt.Invalid;
        }

        wire.Consume(length);
        if (_response.IsInterim && _response.Status != 101)
        {
            return Attempt.Interim;
        }

        if (_response.Status == 101 && !_request.IsUpgrade)
        {
            return Attempt.Invalid;
        }

        return _answering.Disarm() ? Attempt.Answered : Attempt.TimedOut;
    }

    private Attempt EndedEarly(Wires.Wire wire) =>
        _clientGone ? Attempt.ClientGone
        : _answering.HasFired ? Attempt.TimedOut
        : wire.UnreadLength > 0 ? Attempt.Invalid
        : Attempt.Failed;

    private async ValueTask<Attempt> PassInterimAsync(Wires.Wire wire)
    {
        if (!_request.IsVersion10)
        {
            await SendInterimAsync().ConfigureAwait(false);
            if (!ArmResponseStart())
            {
                return Attempt.TimedOut;
            }
        }

        return ReadResponseHead(wire, 0);
    }

    private async ValueTask SendInterimAsync()
    {
        var interim = new OutBuffer();
        ResponseHeadWriter.WriteInterim(interim, _response);
        _egress += interim.Length;
        await SendToClientAsync(interim.Memory).ConfigureAwait(false);
    }

    private bool ArmResponseStart()
    {
        var limit = ResponseStart;
        return limit == TimeSpan.Zero ? _answering.Disarm() : _answering.Arm(Wait.ResponseStart, _core.After(limit));
    }

    private Attempt End(UpstreamConnection upstream, Attempt attempt)
    {
        Volatile.Write(ref _upstream, null);
        upstream.Close();
        return attempt;
    }

    private void ReleaseUpstream(UpstreamConnection upstream, bool reusable)
    {
        Volatile.Write(ref _upstream, null);
        if (reusable && _slot is { } slot && !_clientGone)
        {
            slot.Pool.Return(upstream, _core.Now);
        }
        else
        {
            upstream.Close();
        }
    }
}
