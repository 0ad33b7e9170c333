using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slipway.Runtime.Endpoints;

namespace Slipway.Control.Autoscaling.Decisions;

public sealed record DecisionLogSettings
{
    /// <summary>Where the daily files go; null keeps decisions in memory only.</summary>
    public string? Folder { get; init; }

    public int KeptPerRevision { get; init; } = 500;

    /// <summary>A day that needs more is cut: the file is for looking back, not for accounting.</summary>
    public long BytesPerDay { get; init; } = 8 << 20;

    public int DaysKept { get; init; } = 7;
}

/// <summary>
/// The latest decisions of every revision, in memory for questions and in one small file per day for the time after a
/// restart. Writing is the business of a background task; when it falls behind, the newest lines are left out of the
/// file and counted, never out of memory.
/// </summary>
public sealed class DecisionLog : IDecisionHistory
{
    private const int LinesWaitingMax = 4096;

    /// <summary>A decision that changes nothing is written this seldom, so that a quiet day makes a small file.</summary>
    private static readonly TimeSpan s_unchangedEvery = TimeSpan.FromSeconds(30);

    private readonly DecisionLogSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<RevisionKey, Ring> _rings = new();
    private readonly Channel<ScalingDecision> _lines = Channel.CreateBounded<ScalingDecision>(
        new BoundedChannelOptions(LinesWaitingMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long _leftOut;

    public DecisionLog(DecisionLogSettings settings, TimeProvider time, ILoggerFactory loggers)
    {
        _settings = settings;
        _time = time;
        _logger = loggers.CreateLogger<DecisionLog>();
    }

    /// <summary>Lines that did not reach the file because the disk was too slow.</summary>
    public long LeftOut => Interlocked.Read(ref _leftOut);

    public IReadOnlyList<ScalingDecision> Find(RevisionKey revision, int limit) =>
        limit > 0 && _rings.TryGetValue(revision, out var ring) ? ring.Newest(limit) : [];

    public void Add(ScalingDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        if (!_rings.GetOrAdd(decision.Key, _ => new Ring(_settings.KeptPerRevision)).Add(decision, s_unchangedEvery))
        {
            return;
        }

        if (_settings.Folder is not null && !_lines.Writer.TryWrite(decision))
        {
            Interlocked.Increment(ref _leftOut);
        }
    }

    /// <summary>Drops the history of a revision that is gone; its lines stay in the files until those grow old.</summary>
    public void Forget(RevisionKey revision) => _rings.TryRemove(revision, out _);

    /// <summary>Reads back what earlier lives have written. Called once, before the first decision.</summary>
    public void Load()
    {
        if (_settings.Folder is null)
        {
            return;
        }

        try
        {
            foreach (var decision in DecisionFiles.ReadRecent(_settings.Folder, _settings.BytesPerDay))
            {
                _rings.GetOrAdd(decision.Key, _ => new Ring(_settings.KeptPerRevision)).Add(decision, TimeSpan.Zero);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _logger.HistoryUnreadable(_settings.Folder, failure.Message);
        }
    }

    /// <summary>Writes lines until cancelled, then what is still waiting.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (_settings.Folder is null)
        {
            return;
        }

        var files = new DecisionFiles(_settings, _time, _logger);
        try
        {
            while (await _lines.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
            {
                files.Append(Drain());
            }
        }
        catch (OperationCanceledException)
        {
            files.Append(Drain());
        }
    }

    private List<ScalingDecision> Drain()
    {
        var lines = new List<ScalingDecision>();
        while (lines.Count < LinesWaitingMax && _lines.Reader.TryRead(out var line))
        {
            lines.Add(line);
        }

        return lines;
    }

    private sealed class Ring(int capacity)
    {
        private readonly Lock _gate = new();
        private readonly Queue<ScalingDecision> _kept = new();
        private ScalingDecision? _newest;
        private DateTimeOffset _writtenAt;

        /// <returns>Whether it belongs into the file.</returns>
        public bool Add(ScalingDecision decision, TimeSpan unchangedEvery)
        {
            lock (_gate)
            {
                var news = decision.Wanted != decision.Before || _newest is null || _newest.Panicking != decision.Panicking;
                if (_newest is not null && decision.Repeats(_newest))
                {
                    // The queue holds the same object; a repeated decision only grows older.
                    _newest.LastAt = decision.At;
                    _newest.Times++;
                }
                else
                {
                    // A copy: the line may still wait for the file while this one grows older.
                    _newest = decision with { };
                    _kept.Enqueue(_newest);
                    if (_kept.Count > capacity)
                    {
                        _kept.Dequeue();
                    }
                }

                if (!news && decision.At - _writtenAt < unchangedEvery)
                {
                    return false;
                }

                _writtenAt = decision.At;
                return true;
            }
        }

        public List<ScalingDecision> Newest(int limit)
        {
            lock (_gate)
            {
                return [.. _kept.Reverse().Take(limit).Select(decision => decision with { })];
            }
        }
    }
}
