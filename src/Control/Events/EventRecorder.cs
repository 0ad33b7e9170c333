using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slipway.Control.Reconciling;
using Slipway.Model;
using Slipway.Model.Batch;
using Slipway.Model.Core;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Events;

/// <summary>
/// Writes <c>v1 Event</c>s. Equal news about one object is one Event with a growing count, an object that talks too much
/// is cut short (<see cref="EventRate"/>), and Events older than an hour go. At most 1,024 wait to be written; when they
/// come faster, new ones are dropped and counted, because nothing depends on them.
/// </summary>
internal sealed partial class EventRecorder : IEventRecorder
{
    private const int QueueCapacity = 1024;
    private const int MessageLengthMax = 1024;

    private static readonly Meter s_meter = new(EngineMetrics.MeterName);
    private static readonly Counter<long> s_dropped =
        s_meter.CreateCounter<long>("slipway.events.dropped", description: "Events that were not written, by reason.");

    private static readonly TimeSpan s_retention = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_sweep = TimeSpan.FromMinutes(1);

    private readonly Channel<News> _news = Channel.CreateBounded<News>(new BoundedChannelOptions(QueueCapacity) { SingleReader = true });
    private readonly IResourceStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventRate _rate;

    public EventRecorder(IResourceStore store, TimeProvider time, ILogger<EventRecorder> logger)
    {
        _store = store;
        _time = time;
        _logger = logger;
        _rate = new EventRate(time);
    }

    public void Normal(Resource about, string reason, string message) => Post(about, "Normal", reason, message);

    public void Warning(Resource about, string reason, string message) => Post(about, "Warning", reason, message);

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll(WriteAllAsync(cancellation), SweepRegularlyAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopping is how this ends; what still waits is lost, as Events may be.
        }
    }

    /// <summary>Writes everything that waits now; for simulations, which have no background.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        while (_news.Reader.TryRead(out var news))
        {
            await WriteAsync(news, cancellation);
        }
    }

    /// <summary>Removes Events nobody has repeated for an hour.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        var oldest = _time.GetUtcNow() - s_retention;
        foreach (var item in _store.List(Kinds.Event).Items)
        {
            var body = Read(item);
            if ((body.LastTimestamp ?? item.Metadata.CreationTimestamp) is { } last && last < oldest)
            {
                // A conflict means that it was repeated meanwhile; every other failure is met again by the next sweep.
                await _store.DeleteAsync(item.Key, new DeleteOptions(Uid: item.Uid, ResourceVersion: item.Metadata.ResourceVersion), cancellation);
            }
        }
    }

    private static EventBody Read(Resource item) =>
        JsonSerializer.Deserialize(item.Body.Span, KindsJson.Default.EventBody) ?? new EventBody();

    private void Post(Resource about, string type, string reason, string message)
    {
        if (!_rate.Allows(about.Uid))
        {
            s_dropped.Add(1, new KeyValuePair<string, object?>("reason", "rate"));
            return;
        }

        var cut = message.Length > MessageLengthMax ? message[..MessageLengthMax] : message;
        if (!_news.Writer.TryWrite(new News(about, type, reason, cut)))
        {
            s_dropped.Add(1, new KeyValuePair<string, object?>("reason", "full"));
        }
    }

    private async Task WriteAllAsync(CancellationToken cancellation)
    {
        await foreach (var news in _news.Reader.ReadAllAsync(cancellation))
        {
            await WriteAsync(news, cancellation);
        }
    }

    private async Task SweepRegularlyAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_sweep, _time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            await SweepAsync(cancellation);
        }
    }

    private async Task WriteAsync(News news, CancellationToken cancellation)
    {
        for (var tries = 0; tries < 3; tries++)
        {
            var failure = await TryWriteAsync(news, cancellation);
            if (failure is null)
            {
                return;
            }

            if (failure.Kind is not (FailureKind.Conflict or FailureKind.AlreadyExists))
            {
                s_dropped.Add(1, new KeyValuePair<string, object?>("reason", "store"));
                NotWritten(_logger, news.Reason, news.About.Key, failure.Code, failure.Detail);
                return;
            }
        }
    }

    private async Task<Failure?> TryWriteAsync(News news, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var @namespace = news.About.Namespace.Length == 0 ? "default" : news.About.Namespace;
        var key = new ResourceKey(Kinds.Event, @namespace, NameOf(news));
        if (_store.Get(key) is { } existing)
        {
            var body = Read(existing);
            var repeated = body with { Count = body.Count + 1, LastTimestamp = now };
            return (await _store.ReplaceAsync(Resource(existing.Metadata, repeated), WriteOptions.Default, cancellation)).Failure;
        }

        var about = news.About;
        var first = new EventBody
        {
            InvolvedObject = new ObjectReference
            {
                ApiVersion = about.Kind.ApiVersion,
                Kind = about.Kind.Kind,
                Namespace = about.Namespace,
                Name = about.Name,
                Uid = about.Uid,
            },
            Reason = news.Reason,
            Message = news.Message,
            Type = news.Type,
            Count = 1,
            FirstTimestamp = now,
            LastTimestamp = now,
            Source = new EventSource { Component = "slipway-control" },
        };
        var metadata = new ObjectMeta { Name = key.Name, Namespace = @namespace };
        return (await _store.CreateAsync(Resource(metadata, first), WriteOptions.Default, cancellation)).Failure;
    }

    private static Resource Resource(ObjectMeta metadata, EventBody body) =>
        new(Kinds.Event, metadata, JsonSerializer.SerializeToUtf8Bytes(body, KindsJson.Default.EventBody));

    /// <summary>The same news has the same name, also after a restart: that is what makes counting possible.</summary>
    private static string NameOf(News news)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{news.About.Uid}\n{news.Type}\n{news.Reason}\n{news.Message}"));
        return $"{news.About.Name}.{Convert.ToHexStringLower(digest.AsSpan(0, 8))}";
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Warning, Message = "Event {Reason} about {Key} was not written: {Code}: {Detail}")]
    private static partial void NotWritten(ILogger logger, string reason, ResourceKey key, string code, string detail);

    private sealed record News(Resource About, string Type, string Reason, string Message);
}
