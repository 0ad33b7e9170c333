using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Gateway.Balancing;
using Slipway.Gateway.Choosing;
using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Listening;
using Slipway.Gateway.Recording;
using Slipway.Gateway.Refusals;

namespace Slipway.Gateway.Multiplexing;

/// <summary>What is known about one request of Kestrel while it is served.</summary>
internal sealed class StreamJourney : IDisposable
{
    private readonly GatewayCore _core;
    private readonly RequestIdentity _identity = new();
    private readonly CountingStream _counted;
    private readonly long _started;
    private string? _refusal;

    public StreamJourney(GatewayCore core, HttpContext context)
    {
        _core = core;
        _started = core.Now;
        Context = context;
        var connection = context.Features.Get<HandedConnection>();
        ServiceHost = connection?.ServiceHost;
        View = new ContextView(core, context, connection?.Secure ?? false);
        _identity.Begin(
            Encoding.Latin1.GetBytes(View.Header("X-Request-Id") ?? ""), Encoding.Latin1.GetBytes(View.Header("traceparent") ?? ""), core.Dice, core.Time,
            core.Spans.IsWanted);
        RequestId = Encoding.ASCII.GetString(_identity.RequestId);
        TraceParent = Encoding.ASCII.GetString(_identity.TraceParent);
        _counted = new CountingStream(context.Response.Body);
        context.Response.Body = _counted;
    }

    public HttpContext Context { get; }

    public ContextView View { get; }

    /// <inheritdoc cref="HandedConnection.ServiceHost"/>
    public byte[]? ServiceHost { get; }

    public string RequestId { get; }

    public string TraceParent { get; }

    public Decision? Decision { get; set; }

    public InstanceSlot? Slot { get; set; }

    public int Attempts { get; set; }

    public bool Woken { get; set; }

    public double QueueSeconds { get; set; }

    public long HandedOver { get; set; }

    public long AnswerBegan { get; set; }

    public long EgressBytes => _counted.Written;

    public TimeSpan ResponseStart => Decision!.RequestTimeout ?? Decision.Share!.ResponseStart;

    public void AnswerDirectly(DirectAnswer answer)
    {
        Context.Response.StatusCode = answer.Status;
        Context.Response.Headers["X-Request-Id"] = RequestId;
        AddFields(answer.Fields);
        AddFields(Decision!.AnswerFields);
    }

    public async Task RefuseAsync(Refusal refusal)
    {
        _refusal = refusal.Code;
        var response = Context.Response;
        if (response.HasStarted || Context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        response.StatusCode = refusal.Status;
        response.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Request-Id"] = RequestId;
        response.Headers["X-Trace-Id"] = Encoding.ASCII.GetString(_identity.TraceId);
        if (refusal.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString();
        }

        AddFields(refusal.Headers);
        AddFields(Decision?.AnswerFields ?? "");
        var json = Encoding.UTF8.GetBytes(ProblemDocument.Json(refusal, _identity.RequestId, _identity.TraceId, View.Path));
        response.ContentLength = json.Length;
        try
        {
            await response.Body.WriteAsync(json, Context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The client left before it was told.
        }
    }

    public void Dispose() => _counted.Dispose();

    public void AddFields(string fields)
    {
        foreach (var (name, value) in StreamTransformer.Lines(fields))
        {
            if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                Context.Response.ContentLength = long.Parse(value);
            }
            else
            {
                Context.Response.Headers.Append(name, value);
            }
        }
    }

    public void TellBreaker()
    {
        if (Decision?.Breaker is not { } breaker)
        {
            return;
        }

        if (Context.RequestAborted.IsCancellationRequested && AnswerBegan == 0)
        {
            Decider.Abandon(Decision);
            return;
        }

        var slow = _core.Time.GetElapsedTime(_started, AnswerBegan == 0 ? _core.Now : AnswerBegan) > breaker.Settings.SlowAfter;
        breaker.Finished(AnswerBegan == 0 || Context.Response.StatusCode >= 500 || slow, Decision.IsProbe);
    }

    public void Record()
    {
        var status = _refusal == KnownRefusals.ClientGone.Code ? 499 : Context.Response.StatusCode;
        if (Decision?.Share is not null)
        {
            var seconds = _core.SecondsSince(_started);
            Decision.Service!.Meter.Finished(status, seconds, Context.Request.ContentLength ?? 0, EgressBytes);
            if (_identity.IsSampled)
            {
                Decision.Service.Meter.Exemplify(seconds, _identity.TraceId, _core.Time);
            }
        }

        var record = new RequestRecord
        {
            Method = Encoding.Latin1.GetBytes(View.Method),
            Host = Encoding.Latin1.GetBytes(View.Authority),
            Path = Encoding.Latin1.GetBytes(View.Path),
            RequestId = _identity.RequestId,
            TraceId = _identity.TraceId,
            SpanId = _identity.SpanId,
            ParentSpanId = _identity.ParentSpanId,
            Protocol = Context.Request.Protocol,
            Status = status,
            Secure = View.IsSecure,
            Namespace = Decision?.Service?.Namespace,
            Service = Decision?.Service?.Name,
            Revision = Decision?.Share?.Traffic.Key.Name,
            Instance = Slot?.Id,
            Refusal = _refusal,
            Seconds = _core.SecondsSince(_started),
            QueueSeconds = QueueSeconds,
            ColdStart = Woken,
            IngressBytes = Context.Request.ContentLength ?? 0,
            EgressBytes = EgressBytes,
            Peer = View.Peer,
            Attempts = Attempts,
        };
        _core.Record(record, Decision?.Service?.Meter);
    }
}
