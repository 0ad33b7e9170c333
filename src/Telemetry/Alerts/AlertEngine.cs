using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slipway.Model.Resources;
using Slipway.Store.Installation;
using Slipway.Telemetry.Alerts.Delivery;
using Slipway.Telemetry.Alerts.Routing;
using Slipway.Telemetry.Alerts.Rules;

namespace Slipway.Telemetry.Alerts;

/// <summary>
/// Evaluates rules, records and alerts, and tells people. An alert goes this way: PrometheusRule → RuleRoom (pending, firing,
/// resolved) → AlertPool → Dispatcher (routes, groups, silences, inhibition) → NoticeQueue (on the disk) → Deliverer → receiver.
/// </summary>
public sealed class AlertEngine : IDisposable
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private readonly AlertEngineParts _parts;
    private readonly ILogger _logger;
    private readonly HttpClient _http;
    private readonly ResourceReader _reader;
    private readonly RuleRoom _rules;
    private readonly NoticeQueue _queue;
    private readonly Deliverer _deliverer;
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public AlertEngine(AlertEngineParts parts)
        : this(parts, null)
    {
    }

    /// <param name="sender">Instead of the one that calls receivers.</param>
    internal AlertEngine(AlertEngineParts parts, INoticeSender? sender)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _parts = parts;
        _logger = parts.Loggers.CreateLogger<AlertEngine>();
        var settings = parts.Settings;
        OwnerOnlyFile.MakeFolder(parts.Folder);
        Started = parts.Time.GetUtcNow();
        Pool = new AlertPool(parts.Folder, settings, _logger);
        Silences = new SilenceBook(parts.Folder, settings, parts.Time, _logger);
        _queue = new NoticeQueue(Path.Combine(parts.Folder, "queue"), settings.NoticesMax, settings.KeepTrying, settings.Dice);
        Dispatcher = new Dispatcher(Pool, Silences, _queue, parts.Folder, _logger);
        var evaluator = new GroupEvaluator(parts.Metrics, parts.Logs, parts.Sink, parts.Time, settings.ElementsMax);
        _rules = new RuleRoom(evaluator, Pool, parts.Folder, settings, parts.Time, _logger);
        _reader = new ResourceReader(parts, _rules, Dispatcher, _logger);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = settings.SendLimit,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxConnectionsPerServer = settings.SendsAtOnce,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        sender ??= new NoticeSender(_http, _reader.Secret, new MailPost(Path.Combine(parts.Folder, "mail"), settings.MailsKept));
        _deliverer = new Deliverer(_queue, sender, () => Dispatcher.Plan, settings, parts.Time, _logger);
        Book = new AlertBook(_rules);
    }

    /// <summary>Rules and alerts as they are.</summary>
    public AlertBook Book { get; }

    /// <summary>Groups of rules that were evaluated.</summary>
    public long Evaluations => _rules.Evaluations;

    /// <summary>Evaluations that did not happen in time.</summary>
    public long EvaluationsMissed => _rules.Missed;

    /// <summary>Evaluations of single rules that failed.</summary>
    public long RulesFailed => _rules.Failed;

    public long NoticesDelivered => _deliverer.Delivered;

    /// <summary>Attempts to deliver that failed.</summary>
    public long NoticesFailed => _deliverer.Failed;

    /// <summary>Messages that gave way because too many waited.</summary>
    public long NoticesDropped => _queue.Dropped;

    /// <summary>Messages nobody took for as long as is tried.</summary>
    public long NoticesGivenUp => _queue.GivenUp;

    /// <summary>Messages whose receiver was taken away before they were delivered.</summary>
    public long NoticesOwnerless => _deliverer.Ownerless;

    public int NoticesWaiting => _queue.Count;

    /// <summary>Alerts that fire, of rules and from outside.</summary>
    public int AlertsFiring
    {
        get
        {
            var now = _parts.Time.GetUtcNow();
            return Pool.All(now).Values.Count(alert => !alert.IsResolved(now));
        }
    }

    internal DateTimeOffset Started { get; }

    internal AlertPool Pool { get; }

    internal SilenceBook Silences { get; }

    internal Dispatcher Dispatcher { get; }

    internal TimeProvider Time => _parts.Time;

    internal AlertSettings Settings => _parts.Settings;

    /// <summary>Works until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        LookAgain();
        var work = new[]
        {
            FollowAsync(Kinds.PrometheusRule, stopping), FollowAsync(Kinds.AlertmanagerConfig, stopping), FollowAsync(Kinds.Secret, stopping),
            ReadAsync(stopping), EvaluateAsync(stopping), DispatchAsync(stopping), _deliverer.RunAsync(stopping),
        };
        try
        {
            // One that fails must end the rest, or half of the alerts would go on and look like the whole.
            await await Task.WhenAny(work);
            await Task.WhenAll(work);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop.
        }

        _rules.Keep();
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Takes rules, routes and receivers from the store.</summary>
    internal Task<bool> LookAsync(CancellationToken cancellation) => _reader.ReadAsync(cancellation);

    /// <summary>Evaluates every group whose moment has come, one after the other.</summary>
    internal void EvaluateDue(CancellationToken cancellation)
    {
        foreach (var (group, at) in _rules.Due())
        {
            _rules.Evaluate(group, at, cancellation);
        }
    }

    internal void Dispatch() => Dispatcher.Tick(_parts.Time.GetUtcNow());

    internal Task DeliverDueAsync(CancellationToken cancellation) => _deliverer.DeliverDueAsync(cancellation);

    private void LookAgain() => _changes.Writer.TryWrite(true);

    private async Task ReadAsync(CancellationToken stopping)
    {
        while (await _changes.Reader.WaitToReadAsync(stopping))
        {
            _changes.Reader.TryRead(out _);
            if (!await Task.Run(() => _reader.ReadAsync(stopping), stopping))
            {
                _ = AgainAsync(stopping);
            }
        }
    }

    private async Task AgainAsync(CancellationToken stopping)
    {
        await Task.Delay(s_again, _parts.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        LookAgain();
    }

    private async Task EvaluateAsync(CancellationToken stopping)
    {
        using var places = new SemaphoreSlim(_parts.Settings.EvaluationsAtOnce);
        var running = new HashSet<Task>();
        try
        {
            while (true)
            {
                running.RemoveWhere(task => task.IsCompletedSuccessfully);
                foreach (var (group, at) in _rules.Due())
                {
                    running.Add(EvaluateAsync(group, at, places, stopping));
                }

                // A bug in an evaluation comes to light here and not never.
                if (running.FirstOrDefault(task => task.IsFaulted) is { } failed)
                {
                    await failed;
                }

                await Task.Delay(s_look, _parts.Time, stopping);
            }
        }
        finally
        {
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task EvaluateAsync(RunningGroup group, long at, SemaphoreSlim places, CancellationToken stopping)
    {
        await places.WaitAsync(stopping);
        try
        {
            await Task.Run(() => _rules.Evaluate(group, at, stopping), stopping);
        }
        finally
        {
            places.Release();
        }
    }

    private async Task DispatchAsync(CancellationToken stopping)
    {
        while (true)
        {
            Dispatch();
            await Task.Delay(s_tick, _parts.Time, stopping);
        }
    }

    private async Task FollowAsync(ResourceKind kind, CancellationToken stopping)
    {
        while (true)
        {
            var watch = _parts.Store.Watch(kind, _parts.Store.Version);
            if (watch.Succeeded)
            {
                using (watch.Value)
                {
                    LookAgain();
                    while ((await watch.Value.NextAsync(stopping)).Succeeded)
                    {
                        LookAgain();
                    }
                }
            }

            await Task.Delay(s_again, _parts.Time, stopping);
        }
    }
}
