using System.Runtime.CompilerServices;
using System.Text;
using Slipway.Gateway.Choosing;
using Slipway.Gateway.Listening;
using Slipway.Gateway.Refusals;

namespace Slipway.Gateway.Forwarding;

/// <summary>What goes back to the client: refusals, and the answer of an instance with its body.</summary>
internal sealed partial class Exchange
{
    private const int InlineMax = 16 * 1024;
    private bool _keep;

    /// <summary>Answers with a problem document. True when the connection can go on.</summary>
    private async ValueTask<bool> RefuseAsync(Refusal refusal)
    {
        _status = refusal.Status;
        _refusal = refusal.Code;
        if (ReferenceEquals(refusal, KnownRefusals.ClientGone) || _client.Wire.HasEnded)
        {
            return false;
        }

        // What the client still has to send would be read as the next request. A short rest is skipped, anything else ends the connection.
        var whole = SkipSmallBody();
        var close = !whole || !_request.KeepAlive || _core.Stopping;
        _out.Clear();
        ProblemDocument.Write(_out, refusal, _identity, Encoding.Latin1.GetString(_request.Path), close, _request.IsHead, ExtraFields(_decision?.AnswerFields));
        _egress += _out.Length;
        await SendToClientAsync(_out.Memory).ConfigureAwait(false);
        StopWatchingClient();
        if (_pumping)
        {
            await DiscardBodyAsync().ConfigureAwait(false);
        }
        else if (!whole)
        {
            await _client.LingerAsync().ConfigureAwait(false);
        }

        return !close;
    }

    /// <summary>A redirect or a preflight: fields without a body.</summary>
    private async ValueTask<bool> AnswerDirectlyAsync(DirectAnswer answer)
    {
        _status = answer.Status;
        var whole = SkipSmallBody();
        var close = !whole || !_request.KeepAlive || _core.Stopping;
        _out.Clear();
        _out.Write("HTTP/1.1 "u8);
        _out.WriteNumber(answer.Status);
        _out.Write((byte)' ');
        _out.Write(answer.Reason);
        _out.Write("\r\nX-Request-Id: "u8);
        _out.Write(_identity.RequestId);
        _out.Write(answer.Fields);
        _out.Write(_decision?.AnswerFields ?? "");
        _out.Write(close ? "\r\nConnection: close\r\n\r\n"u8 : "\r\n\r\n"u8);
        await SendCountedAsync().ConfigureAwait(false);
        if (!whole)
        {
            await _client.LingerAsync().ConfigureAwait(false);
        }

        return !close;
    }

    /// <summary>Lines that are each preceded by CRLF, turned into lines that each end with it.</summary>
    private static string ExtraFields(string? fields) => string.IsNullOrEmpty(fields) ? "" : fields[2..] + "\r\n";

    private string AddedFields()
    {
        if (_decision is not { } decision)
        {
            return "";
        }

        var fields = decision.AnswerFields;
        if (decision.SessionPoint is { } point && _slot is { } slot && decision.Affinity != slot.AffinityKey)
        {
            fields += SessionCookie.Field(point, slot.AffinityKey, _client.Secure);
        }

        return fields;
    }

    private bool SkipSmallBody()
    {
        if (_requestBody.IsDone)
        {
            return true;
        }

        if (_pumping)
        {
            return false;
        }

        var taken = _requestBody.Take(_client.Wire.Unread);
        _client.Wire.Consume(taken);
        return _requestBody.IsDone;
    }

    private void StopWatchingClient() => _client.Wire.WatchEnd(null);

    /// <summary>A send that the kernel takes at once costs no deadline; one that has to wait gets one.</summary>
    private ValueTask SendToClientAsync(ReadOnlyMemory<byte> bytes)
    {
        var sending = _client.Wire.Transport.SendAsync(bytes);
        return sending.IsCompletedSuccessfully ? sending : SendSlowlyAsync(sending);
    }

    private async ValueTask SendSlowlyAsync(ValueTask sending)
    {
        _answering.Arm(Wait.ClientTakesBytes, _core.After(_core.Limits.SendTimeout));
        await sending.ConfigureAwait(false);
        _answering.Disarm();
    }

    /// <summary>Sends the answer whose head was read. Afterwards <see cref="_keep"/> tells whether the client's connection goes on.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AnswerAsync(UpstreamConnection upstream)
    {
        _status = _response.Status;
        _answerBegan = _core.Now;
        var body = ResponseBody();
        var unframe = body.Kind == BodyKind.Chunked && _request.IsVersion10;
        var close = !_request.KeepAlive || _core.Stopping || unframe || body.Kind == BodyKind.UntilClose || !RequestIsThrough;
        _out.Clear();
        ResponseHeadWriter.Write(_out, _response, _identity, new AnswerTraits
        {
            Chunked = body.Kind == BodyKind.Chunked && !unframe,
            Close = close,
            KeepAlive10 = _request.IsVersion10 && !close,
            AppSeconds = _core.SecondsSince(_handedOver),
            QueueSeconds = _queueSeconds,
            Woken = _woken,
            AddedFields = AddedFields(),
            Removed = _decision?.AnswerRemoved,
        });

        var whole = true;
        if (unframe)
        {
            await SendCountedAsync().ConfigureAwait(false);
            whole = await PumpUnframedAsync(upstream, body).ConfigureAwait(false);
        }
        else
        {
            AppendReadyBody(upstream, ref body);
            await SendCountedAsync().ConfigureAwait(false);
            if (!body.IsDone)
            {
                (whole, body) = await PumpResponseAsync(upstream, body).ConfigureAwait(false);
            }
        }

        StopWatchingClient();
        var through = RequestIsThrough;
        _keep = whole && !close;
        if (!whole)
        {
            // The only honest way to say that an answer is incomplete is not to complete it.
            _client.Abort();
        }

        ReleaseUpstream(upstream, whole && body.IsDone && _response.KeepAlive && through && upstream.Wire.UnreadLength == 0);
        if (_pumping)
        {
            if (whole && !through)
            {
                await DiscardBodyAsync().ConfigureAwait(false);
            }
            else
            {
                await EndPumpAsync().ConfigureAwait(false);
            }
        }

        _out.Trim();
    }

    private BodyFraming ResponseBody()
    {
        if (_request.IsHead || _response.Status is 204 or 304)
        {
            return BodyFraming.None;
        }

        return _response.Chunked ? BodyFraming.OfChunks
            : _response.ContentLength >= 0 ? BodyFraming.OfLength(_response.ContentLength)
            : BodyFraming.ToClose;
    }

    private void AppendReadyBody(UpstreamConnection upstream, ref BodyFraming body)
    {
        var ready = upstream.Wire.Unread;
        if (ready.IsEmpty || body.IsDone)
        {
            return;
        }

        ready = ready.Length > InlineMax ? ready[..InlineMax] : ready;
        var taken = body.Take(ready);
        _out.Write(ready[..taken]);
        upstream.Wire.Consume(taken);
    }

    private ValueTask SendCountedAsync()
    {
        _egress += _out.Length;
        return SendToClientAsync(_out.Memory);
    }

    /// <summary>Passes a body on as it arrives. False when it ended too early or broke its own framing.</summary>
    private async ValueTask<(bool Whole, BodyFraming Body)> PumpResponseAsync(UpstreamConnection upstream, BodyFraming body)
    {
        var wire = upstream.Wire;
        while (!body.IsDone)
        {
            if (body.IsBroken)
            {
                return (false, body);
            }

            if (wire.UnreadLength == 0 && !await ReadAnswerAsync(wire).ConfigureAwait(false))
            {
                return (body.Kind == BodyKind.UntilClose && !wire.Broke, body);
            }

            var taken = body.Take(wire.Unread);
            if (taken > 0)
            {
                _egress += taken;
                await SendToClientAsync(wire.UnreadMemory[..taken]).ConfigureAwait(false);
                wire.Consume(taken);
            }
        }

        return (true, body);
    }

    /// <summary>A chunked body for a client of HTTP/1.0: the payload alone, until the connection closes.</summary>
    private async ValueTask<bool> PumpUnframedAsync(UpstreamConnection upstream, BodyFraming body)
    {
        var wire = upstream.Wire;
        while (!body.IsDone && !body.IsBroken)
        {
            if (wire.UnreadLength == 0 && !await ReadAnswerAsync(wire).ConfigureAwait(false))
            {
                return false;
            }

            var taken = body.TakePayload(wire.Unread, out var payload);
            if (payload > 0)
            {
                _egress += payload;
                await SendToClientAsync(wire.UnreadMemory.Slice(taken - payload, payload)).ConfigureAwait(false);
            }

            wire.Consume(taken);
        }

        return body.IsDone;
    }

    private async ValueTask<bool> ReadAnswerAsync(Wires.Wire wire)
    {
        var idle = _decision?.IdleTimeout ?? _share!.Idle;
        if (idle == TimeSpan.Zero)
        {
            return await wire.ReadAsync(InlineMax).ConfigureAwait(false);
        }

        _answering.Arm(Wait.ResponseIdle, _core.After(idle));
        var more = await wire.ReadAsync(InlineMax).ConfigureAwait(false);
        return _answering.Disarm() && more;
    }
}
