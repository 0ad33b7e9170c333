using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Gateway.Admission;
using Slipway.Gateway.Balancing;
using Slipway.Gateway.Choosing;
using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Listening;
using Slipway.Gateway.Recording;
using Slipway.Gateway.Refusals;
using Slipway.Gateway.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Slipway.Gateway.Multiplexing;

/// <summary>The journey of one request that came by way of Kestrel: the same stages as on the short way.</summary>
internal sealed class StreamForwarder : IDisposable
{
    private static readonly TimeSpan s_unlimited = TimeSpan.FromDays(20);

    private readonly GatewayCore _core;
    private readonly IHttpForwarder _forwarder;
    private readonly HttpMessageInvoker _instances;

    public StreamForwarder(GatewayCore core, IHttpForwarder forwarder)
    {
        _core = core;
        _forwarder = forwarder;
        _instances = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = true,
            ActivityHeadersPropagator = null,
            ConnectTimeout = core.Limits.ConnectTimeout,
            PooledConnectionIdleTimeout = core.Limits.UpstreamIdle,
        });
    }

    public async Task ServeAsync(HttpContext context)
    {
        using var journey = new StreamJourney(_core, context);
        try
        {
            var refusal = await CarryAsync(journey).ConfigureAwait(false);
            if (refusal is not null)
            {
                await journey.RefuseAsync(refusal).ConfigureAwait(false);
            }
        }
        finally
        {
            journey.Record();
        }
    }

    public void Dispose() => _instances.Dispose();

    private async Task<Refusal?> CarryAsync(StreamJourney journey)
    {
        var entry = _core.Routes.Current.Find(journey.ServiceHost ?? Encoding.Latin1.GetBytes(journey.View.Authority));
        if (entry is null || (entry.InternalOnly && !_core.IsInternal(journey.View.Peer)))
        {
            return KnownRefusals.UnknownHost;
        }

        var decision = await _core.Decider.DecideAsync(entry, journey.View).ConfigureAwait(false);
        journey.Decision = decision;
        if (decision.Refusal is not null)
        {
            return decision.Refusal;
        }

        if (decision.Direct is { } direct)
        {
            journey.AnswerDirectly(direct);
            return null;
        }

        var traffic = decision.Share!.Traffic;
        traffic.Load.Arrived();
        decision.Service!.Meter.Started();
        try
        {
            return await ForwardAsync(journey, traffic).ConfigureAwait(false);
        }
        finally
        {
            traffic.Load.Left();
            journey.TellBreaker();
        }
    }

    private async Task<Refusal?> ForwardAsync(StreamJourney journey, RevisionTraffic traffic)
    {
        InstanceSlot? failed = null;
        while (true)
        {
            journey.Attempts++;
            var (slot, refusal) = await AdmitAsync(journey, traffic, failed).ConfigureAwait(false);
            if (slot is null)
            {
                return refusal;
            }

            try
            {
                journey.Slot = slot;
                refusal = await TryAsync(journey, slot, traffic.Http2).ConfigureAwait(false);
            }
            finally
            {
                traffic.Leave(slot, journey.EgressBytes);
            }

            if (!ReferenceEquals(refusal, KnownRefusals.UpstreamUnreachable) || journey.Attempts >= _core.Limits.ConnectAttemptsMax)
            {
                return refusal;
            }

            failed = slot;
            await Task.Delay(TimeSpan.FromMilliseconds(20 * journey.Attempts), _core.Time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task<(InstanceSlot? Slot, Refusal? Refusal)> AdmitAsync(StreamJourney journey, RevisionTraffic traffic, InstanceSlot? except)
    {
        var affinity = journey.Decision!.Affinity;
        if (traffic.TryEnter(affinity, except, out var free))
        {
            return (free, null);
        }

        var began = _core.Now;
        var starting = !traffic.HasOpenInstance;
        if (traffic.Wait(affinity, out var answer) is { } waiter)
        {
            var total = journey.ResponseStart == TimeSpan.Zero ? _core.Limits.RequestTimeout : journey.ResponseStart;
            using var limit = new CancellationTokenSource(starting ? traffic.WakeLimit(total) : total, _core.Time);
            await using var late = limit.Token.UnsafeRegister(static state => ((Waiter)state!).GiveUp(AdmissionVerdict.WaitedTooLong), waiter).ConfigureAwait(false);
            await using var gone = journey.Context.RequestAborted.UnsafeRegister(static state => ((Waiter)state!).GiveUp(AdmissionVerdict.ClientGone), waiter).ConfigureAwait(false);
            answer = await waiter.Task.ConfigureAwait(false);
            journey.QueueSeconds += _core.SecondsSince(began);
            journey.Woken |= starting;
        }

        return answer.Verdict switch
        {
            AdmissionVerdict.Admitted => (answer.Slot, null),
            AdmissionVerdict.QueueFull => (null, KnownRefusals.QueueFull),
            AdmissionVerdict.Unavailable => (null, KnownRefusals.Unavailable(answer.Detail!)),
            AdmissionVerdict.ClientGone => (null, KnownRefusals.ClientGone),
            _ => (null, KnownRefusals.NoInstance),
        };
    }

    private async Task<Refusal?> TryAsync(StreamJourney journey, InstanceSlot slot, bool http2)
    {
        var idle = journey.Decision!.IdleTimeout ?? journey.Decision.Share!.Idle;
        var config = new ForwarderRequestConfig
        {
            Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = idle == TimeSpan.Zero ? s_unlimited : idle,
        };
        using var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _core.Time);
        if (journey.ResponseStart != TimeSpan.Zero)
        {
            limit.CancelAfter(journey.ResponseStart);
        }

        var prefix = $"http://{slot.Address}";
        journey.HandedOver = _core.Now;
        var error = await _forwarder.SendAsync(
            journey.Context, prefix, _instances, config, new StreamTransformer(_core, journey, limit, prefix), limit.Token).ConfigureAwait(false);
        if (error == ForwarderError.None)
        {
            slot.Succeeded();
            return null;
        }

        var exception = journey.Context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (journey.Context.RequestAborted.IsCancellationRequested)
        {
            return KnownRefusals.ClientGone;
        }

        if (journey.Context.Response.HasStarted)
        {
            // Kestrel resets the stream; there is no head left to say more in.
            return null;
        }

        journey.Context.Response.Clear();
        if (limit.IsCancellationRequested || error is ForwarderError.RequestTimedOut)
        {
            return KnownRefusals.UpstreamTimeout;
        }

        if (exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError })
        {
            slot.Failed(_core.Limits.EjectAfter, _core.Limits.EjectFor);
            return KnownRefusals.UpstreamUnreachable;
        }

        return exception is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError }
            ? KnownRefusals.UpstreamInvalid
            : KnownRefusals.UpstreamFailed;
    }
}
