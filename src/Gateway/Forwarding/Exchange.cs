using System.Runtime.CompilerServices;
using Slipway.Gateway.Admission;
using Slipway.Gateway.Balancing;
using Slipway.Gateway.Choosing;
using Slipway.Gateway.Listening;
using Slipway.Gateway.Messages;
using Slipway.Gateway.Recording;
using Slipway.Gateway.Refusals;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Forwarding;

/// <summary>
/// The journey of one request: route, admit, forward, record. One object serves all requests of a connection in turn.
/// </summary>
internal sealed partial class Exchange
{
    private readonly GatewayCore _core;
    private readonly ClientConnection _client;
    private readonly RequestHead _request;
    private readonly ResponseHead _response = new();
    private readonly RequestIdentity _identity = new();
    private readonly OutBuffer _out = new();
    private readonly Deadline _answering = new();
    private readonly Action _onClientGone;

    private RoutingSnapshot? _hostSnapshot;
    private HostEntry? _hostEntry;
    private byte[] _hostBytes = [];

    private ServiceRoute? _service;
    private RevisionShare? _share;

    /// <summary>Set when rules, policies or a session have a say; null on the plain way.</summary>
    private Decision? _decision;
    private InstanceSlot? _slot;
    private string? _instanceId;
    private UpstreamConnection? _upstream;
    private Waiter? _waiter;
    private volatile bool _clientGone;
    private bool _active;
    private bool _woken;
    private long _started;
    private long _handedOver;
    private long _answerBegan;
    private double _queueSeconds;
    private long _ingress;
    private long _egress;
    private int _status;
    private int _attempts;
    private string? _refusal;
    private BodyFraming _requestBody;

    public Exchange(GatewayCore core, ClientConnection client)
    {
        _core = core;
        _client = client;
        _request = client.Request;
        _onClientGone = ClientGone;
    }

    public bool IsActive => Volatile.Read(ref _active);

    /// <summary>The request on this connection goes to the server behind, head and all.</summary>
    public bool HandsOver { get; private set; }

    /// <summary>
    /// Serves the request whose head was just read. False when the connection cannot serve another one. The plain way
    /// has no asynchronous method of its own here: each one that waits costs an allocation per request.
    /// </summary>
    public ValueTask<bool> ServeAsync()
    {
        Begin();
        var refusal = Find();
        return refusal is null && _share is not null && !HandsOver ? CarryAsync() : ServeOtherwiseAsync(refusal);
    }

    private async ValueTask<bool> ServeOtherwiseAsync(Refusal? refusal)
    {
        try
        {
            if (refusal is null && _service is null && !HandsOver)
            {
                refusal = await DecideAsync().ConfigureAwait(false);
            }

            if (HandsOver)
            {
                return false;
            }

            if (refusal is null && _share is not null)
            {
                return await CarryAsync().ConfigureAwait(false);
            }

            return refusal is null
                ? await AnswerDirectlyAsync(_decision!.Direct!).ConfigureAwait(false)
                : await RefuseAsync(refusal).ConfigureAwait(false);
        }
        finally
        {
            if (!HandsOver && Volatile.Read(ref _active))
            {
                Record();
            }

            Volatile.Write(ref _active, false);
        }
    }

    /// <summary>Called by the sweeper.</summary>
    public void Sweep(long now)
    {
        switch (_answering.Check(now))
        {
            case Wait.None:
                break;
            case Wait.Admission:
                Volatile.Read(ref _waiter)?.GiveUp(AdmissionVerdict.WaitedTooLong);
                break;
            case Wait.ClientTakesBytes:
                _client.Abort();
                break;
            default:
                Volatile.Read(ref _upstream)?.Abort();
                break;
        }
    }

    private void Begin()
    {
        Volatile.Write(ref _active, true);
        _started = _core.Now;
        _answering.Reset();
        _clientGone = false;
        _service = null;
        _share = null;
        _decision = null;
        _instanceId = null;
        _woken = false;
        _queueSeconds = 0;
        _ingress = 0;
        _egress = 0;
        _status = 0;
        _attempts = 0;
        _handedOver = 0;
        _answerBegan = 0;
        _refusal = null;
        _keep = false;
        _pumping = false;
        _bodyRefused = false;
        _discarding = false;
        _requestBody = _request.Chunked ? BodyFraming.OfChunks : BodyFraming.OfLength(Math.Max(0, _request.ContentLength));
        ReadOnlySpan<byte> requestId = default;
        ReadOnlySpan<byte> traceParent = default;
        foreach (ref readonly var field in _request.Fields)
        {
            if (field.Kind == FieldKind.RequestId)
            {
                requestId = _request.ValueOf(field);
            }
            else if (field.Kind == FieldKind.TraceParent)
            {
                traceParent = _request.ValueOf(field);
            }
        }

        _identity.Begin(requestId, traceParent, _core.Dice, _core.Time, _core.Spans.IsWanted);
    }

    /// <summary>The host, and for a service without rules and policies also the revision.</summary>
    private Refusal? Find()
    {
        var snapshot = _core.Routes.Current;
        var host = _client.ServiceHost ?? _request.Host;
        if (!ReferenceEquals(snapshot, _hostSnapshot) || !host.SequenceEqual(_hostBytes))
        {
            // Nearly every connection speaks to one host, so the look-up is done once for it.
            _hostSnapshot = snapshot;
            _hostBytes = host.ToArray();
            _hostEntry = snapshot.Find(host);
        }

        if (_hostEntry is not { } entry || (entry.InternalOnly && !_core.IsInternal(_client.Peer)))
        {
            return KnownRefusals.UnknownHost;
        }

        if (_core.Limits.RequestBodyBytesMax > 0 && _request.ContentLength > _core.Limits.RequestBodyBytesMax)
        {
            return KnownRefusals.BodyTooLarge(_core.Limits.RequestBodyBytesMax);
        }

        if (entry is { Rules: null, Service.WantsHttp2: true } && !_request.IsUpgrade)
        {
            // Before any policy counts the request: the server behind asks them all.
            HandsOver = true;
            return null;
        }

        if (!_core.Decider.IsPlain(entry))
        {
            return null;
        }

        _service = entry.Service!;
        return _service.Stopped ? KnownRefusals.ServiceStopped : Chosen(entry.Tagged ?? _core.Decider.Choose(_service));
    }

    private async ValueTask<Refusal?> DecideAsync()
    {
        _decision = await _core.Decider.DecideAsync(_hostEntry!, new Http1View(_core, _client, _request)).ConfigureAwait(false);
        _service = _decision.Service;
        if (_decision.Refusal is not null || _decision.Direct is not null)
        {
            return _decision.Refusal;
        }

        return Chosen(_decision.Share);
    }

    private Refusal? Chosen(RevisionShare? share)
    {
        _share = share;
        if (share is null)
        {
            return KnownRefusals.ServiceNotReady;
        }

        HandsOver = share.Traffic.Http2 && !_request.IsUpgrade;
        if (HandsOver && _decision is { } decision)
        {
            // The server behind decides anew; what this decision holds must not stay taken.
            Decider.Abandon(decision);
        }

        return null;
    }

    /// <summary>Admits the request, forwards it and passes the answer on.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> CarryAsync()
    {
        var traffic = _share!.Traffic;
        traffic.Load.Arrived();
        _service!.Meter.Started();
        _decision?.Retry?.Budget?.Counted();
        var keep = false;
        try
        {
            var refusal = traffic.TryEnter(_decision?.Affinity ?? 0, null, out var slot)
                ? Admitted(slot)
                : await AdmitAsync(traffic, null).ConfigureAwait(false);
            while (refusal is null)
            {
                _attempts++;
                var attempt = await TryAsync(_slot!).ConfigureAwait(false);
                if (attempt == Attempt.Answered)
                {
                    _slot?.Succeeded();
                    keep = _keep;
                    break;
                }

                refusal = await AfterAsync(attempt, _slot!).ConfigureAwait(false);
            }

            if (refusal is not null)
            {
                LeaveInstance();
                keep = await RefuseAsync(refusal).ConfigureAwait(false);
            }
        }
        finally
        {
            LeaveInstance();
            traffic.Load.Left();
            TellBreaker();
            var seconds = _core.SecondsSince(_started);
            _service.Meter.Finished(_status, seconds, _ingress, _egress);
            if (_identity.IsSampled)
            {
                _service.Meter.Exemplify(seconds, _identity.TraceId, _core.Time);
            }

            Record();
            Volatile.Write(ref _active, false);
        }

        return keep;
    }

    private Refusal? Admitted(InstanceSlot slot)
    {
        _slot = slot;
        _instanceId = slot.Id;
        return null;
    }

    private async ValueTask<Refusal?> AdmitAsync(RevisionTraffic traffic, InstanceSlot? except)
    {
        var affinity = _decision?.Affinity ?? 0;
        if (traffic.TryEnter(affinity, except, out var free))
        {
            return Admitted(free);
        }

        var began = _core.Now;
        var starting = !traffic.HasOpenInstance;
        var waiter = traffic.Wait(affinity, out var answer);
        if (waiter is not null)
        {
            var total = ResponseStart == TimeSpan.Zero ? _core.Limits.RequestTimeout : ResponseStart;
            _woken |= starting;
            Volatile.Write(ref _waiter, waiter);
            if (!_answering.Arm(Wait.Admission, _core.After(starting ? traffic.WakeLimit(total) : total)))
            {
                waiter.GiveUp(AdmissionVerdict.WaitedTooLong);
            }

            WatchClient();
            answer = await waiter.Task.ConfigureAwait(false);
            Volatile.Write(ref _waiter, null);
            _answering.Reset();
            _queueSeconds += _core.SecondsSince(began);
        }

        return answer.Verdict switch
        {
            AdmissionVerdict.Admitted => Admitted(answer.Slot!),
            AdmissionVerdict.QueueFull => KnownRefusals.QueueFull,
            AdmissionVerdict.Unavailable => KnownRefusals.Unavailable(answer.Detail!),
            AdmissionVerdict.ClientGone => KnownRefusals.ClientGone,
            _ => KnownRefusals.NoInstance,
        };
    }

    /// <summary>The shortest of what the revision, the route and the policy allow until the answer begins; zero is no limit.</summary>
    private TimeSpan ResponseStart => _decision?.RequestTimeout ?? _share!.ResponseStart;

    private void LeaveInstance()
    {
        if (_slot is { } slot)
        {
            _slot = null;
            _share!.Traffic.Leave(slot, _egress);
        }
    }

    private void TellBreaker()
    {
        if (_decision?.Breaker is not { } breaker)
        {
            return;
        }

        if (_clientGone && _status is 0 or 499)
        {
            Decider.Abandon(_decision);
            return;
        }

        var slow = _handedOver != 0 && _core.Time.GetElapsedTime(_started, _answerBegan == 0 ? _core.Now : _answerBegan) > breaker.Settings.SlowAfter;
        breaker.Finished(failed: _status >= 500 || slow, _decision.IsProbe);
    }

    /// <summary>
    /// Reads ahead so that a client that leaves is noticed. Only when nothing of it is unread: bytes that are here already
    /// prove that it was alive, and reading on would buffer without bound what it sends early.
    /// </summary>
    private void WatchClient()
    {
        if (_client.Wire.UnreadLength == 0 && !_client.Wire.HasNews)
        {
            _client.Wire.ReadAhead();
        }

        _client.Wire.WatchEnd(_onClientGone);
    }

    private void ClientGone()
    {
        _clientGone = true;
        Volatile.Read(ref _waiter)?.GiveUp(AdmissionVerdict.ClientGone);
        Volatile.Read(ref _upstream)?.Abort();
    }

    private void Record() => _core.Record(Told(), _service?.Meter);

    private RequestRecord Told() => new()
    {
        Method = _request.Method,
        Host = _request.Host,
        Path = _request.Path,
        RequestId = _identity.RequestId,
        TraceId = _identity.TraceId,
        SpanId = _identity.SpanId,
        ParentSpanId = _identity.ParentSpanId,
        Protocol = _request.IsVersion10 ? "HTTP/1.0" : "HTTP/1.1",
        Status = _status,
        Secure = _client.Secure,
        Namespace = _service?.Namespace,
        Service = _service?.Name,
        Revision = _share?.Traffic.Key.Name,
        Instance = _instanceId,
        Refusal = _refusal,
        Seconds = _core.SecondsSince(_started),
        QueueSeconds = _queueSeconds,
        ColdStart = _woken,
        IngressBytes = _ingress,
        EgressBytes = _egress,
        Peer = _client.Peer,
        Attempts = _attempts,
    };
}
