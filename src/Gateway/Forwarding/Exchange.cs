using System.Runtime.CompilerServices;
using Slipway.Gateway.Admission;
using Slipway.Gateway.Balancing;
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
    private InstanceSlot? _slot;
    private string? _instanceId;
    private UpstreamConnection? _upstream;
    private Waiter? _waiter;
    private volatile bool _clientGone;
    private bool _active;
    private bool _woken;
    private long _started;
    private long _handedOver;
    private double _queueSeconds;
    private long _ingress;
    private long _egress;
    private int _status;
    private int _attempts;
    private string? _refusal;
    private BodyFraming _requestBody;
    private string _addedFields = "";

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

    /// <summary>Serves the request whose head was just read. False when the connection cannot serve another one.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ServeAsync()
    {
        Begin();
        try
        {
            var refusal = Route();
            if (HandsOver)
            {
                return false;
            }

            if (refusal is not null)
            {
                return await RefuseAsync(refusal).ConfigureAwait(false);
            }

            var traffic = _share!.Traffic;
            traffic.Load.Arrived();
            _service!.Meter.Started();
            var keep = false;
            try
            {
                refusal = traffic.TryEnter(0, null, out var slot) ? Admitted(slot) : await AdmitAsync(traffic, null).ConfigureAwait(false);
                if (refusal is null)
                {
                    refusal = await ForwardAsync().ConfigureAwait(false);
                    keep = _keep;
                }

                if (refusal is not null)
                {
                    keep = !_clientGone && await RefuseAsync(refusal).ConfigureAwait(false);
                }
            }
            finally
            {
                LeaveInstance();
                traffic.Load.Left();
                _service.Meter.Finished(_status, _core.SecondsSince(_started), _ingress, _egress);
            }

            return keep;
        }
        finally
        {
            if (!HandsOver)
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
        _instanceId = null;
        _woken = false;
        _queueSeconds = 0;
        _ingress = 0;
        _egress = 0;
        _status = 0;
        _attempts = 0;
        _refusal = null;
        _keep = false;
        _pumping = false;
        _bodyRefused = false;
        _discarding = false;
        _addedFields = "";
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

        _identity.Begin(requestId, traceParent, _core.Dice, _core.Time);
    }

    private Refusal? Route()
    {
        var snapshot = _core.Routes.Current;
        var host = _request.Host;
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

        _service = entry.Service!;
        if (_service.Stopped)
        {
            return KnownRefusals.ServiceStopped;
        }

        _share = entry.Tagged ?? Choose(_service);
        if (_share is null)
        {
            return KnownRefusals.ServiceNotReady;
        }

        HandsOver = _share.Traffic.Http2 && !_request.IsUpgrade;
        return null;
    }

    private RevisionShare? Choose(ServiceRoute service) => service.Shares.Length switch
    {
        0 => null,
        1 => service.Shares[0],
        _ => service.At(_core.Dice.Next(service.PercentTotal)),
    };

    private Refusal? Admitted(InstanceSlot slot)
    {
        _slot = slot;
        _instanceId = slot.Id;
        return null;
    }

    private async ValueTask<Refusal?> AdmitAsync(RevisionTraffic traffic, InstanceSlot? except)
    {
        if (traffic.TryEnter(0, except, out var free))
        {
            return Admitted(free);
        }

        var began = _core.Now;
        var starting = !traffic.HasOpenInstance;
        var waiter = traffic.Wait(0, out var answer);
        if (waiter is not null)
        {
            _woken |= starting;
            Volatile.Write(ref _waiter, waiter);
            _answering.Arm(Wait.Admission, _core.After(starting ? traffic.WakeLimit(_share!.Total) : _share!.Total));
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
            AdmissionVerdict.ClientGone => GoneRefusal,
            AdmissionVerdict.Stopping => KnownRefusals.Stopping,
            _ => KnownRefusals.NoInstance,
        };
    }

    private void LeaveInstance()
    {
        if (_slot is { } slot)
        {
            _slot = null;
            _share!.Traffic.Leave(slot, _egress);
        }
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

    private void Record() => _core.AccessLog.Add(new RequestRecord
    {
        Method = _request.Method,
        Host = _request.Host,
        Path = _request.Path,
        RequestId = _identity.RequestId,
        TraceId = _identity.TraceId,
        Protocol = _request.IsVersion10 ? "HTTP/1.0" : "HTTP/1.1",
        Status = _status,
        Namespace = _service?.Namespace,
        Service = _service?.Name,
        Revision = _share?.Traffic.Key.Name,
        Instance = _instanceId,
        Refusal = _refusal,
        Seconds = _core.SecondsSince(_started),
        QueueSeconds = _queueSeconds,
        IngressBytes = _ingress,
        EgressBytes = _egress,
        Peer = _client.Peer,
        Attempts = _attempts,
    });
}
