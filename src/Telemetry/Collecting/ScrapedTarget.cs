using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Collecting;

/// <summary>What a body of a scrape says, or why it cannot be read.</summary>
internal sealed record ScrapeContent(IReadOnlyList<IncomingSample> Samples, IReadOnlyList<MetricMetadata> Metadata, string? Problem);

/// <param name="at">The time of samples that carry none, in milliseconds.</param>
internal delegate ScrapeContent ReadScrape(ReadOnlyMemory<byte> body, string contentType, long at);

/// <summary>One target while it is there: its labels, its series of the last round, and how that went.</summary>
internal sealed class ScrapedTarget(ScrapeTarget target, ScrapeFetch fetch, ReadScrape read, IMetricSink sink, ScrapeOptions options, TimeProvider time, ILogger logger)
{
    private readonly TargetLabels _labels = TargetLabels.Of(target);
    private readonly SeriesBook _series = new();
    private readonly HashSet<string> _described = new(StringComparer.Ordinal);
    private bool _answersFigures = target.Wish == ScrapeWish.Asked;
    private bool _complained;

    public TargetState State { get; private set; } = new(target, TargetHealth.Unknown, null, 0, 0, null);

    /// <summary>What the program itself told last, without the platform's own samples; for whoever scrapes us.</summary>
    public IReadOnlyList<IncomingSample> Latest { get; private set; } = [];

    /// <param name="isGone">Asked after a scrape failed: an instance that froze or ended meanwhile is not down.</param>
    /// <returns>How long to wait until the next.</returns>
    public async Task<TimeSpan> ScrapeAsync(Func<bool> isGone, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var now = time.GetUtcNow();
        var at = now.ToUnixTimeMilliseconds();
        var answer = await fetch.GetAsync(target, cancellation).ConfigureAwait(false);
        var seconds = time.GetElapsedTime(began).TotalSeconds;
        if (answer is not ScrapeAnswer.Body && isGone())
        {
            return options.Interval;
        }

        var content = answer is ScrapeAnswer.Body body ? read(body.Bytes, body.ContentType, at) : null;
        var problem = answer switch
        {
            ScrapeAnswer.Failed failed => failed.Reason,
            ScrapeAnswer.NoSuchPlace none => none.Reason,
            _ when content!.Problem is { } unreadable => unreadable,
            _ when content.Samples.Count > options.SamplesMax => $"it tells {content.Samples.Count} samples at once, {options.SamplesMax} are allowed",
            _ => null,
        };
        if (problem is not null && !_answersFigures)
        {
            State = new TargetState(target, TargetHealth.Silent, now, seconds, 0, problem);
            return options.LookAgain;
        }

        _answersFigures = true;
        Store(content, problem, at, seconds);
        State = new TargetState(target, problem is null ? TargetHealth.Up : TargetHealth.Down, now, seconds, content?.Samples.Count ?? 0, problem);
        Complain(problem);
        return options.Interval;
    }

    /// <summary>The target froze or ended: none of its series goes on.</summary>
    public void End()
    {
        Latest = [];
        Append(_series.Turn(time.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    private void Store(ScrapeContent? content, string? problem, long at, double seconds)
    {
        var samples = new List<IncomingSample>((content?.Samples.Count ?? 0) + 4);
        var told = problem is null ? content!.Samples : [];
        foreach (var sample in told)
        {
            var series = _labels.For(sample.Series);
            samples.Add(sample with { Series = series });
            // A series that comes with times of its own may lag behind; it ends by itself, not by our mark.
            if (sample.At == at)
            {
                _series.Seen(series);
            }
        }

        Latest = [.. samples];
        _labels.Turn();
        Own("up", problem is null ? 1 : 0);
        Own("scrape_duration_seconds", seconds);
        Own("scrape_samples_scraped", content?.Samples.Count ?? 0);
        samples.AddRange(_series.Turn(at));
        Append(samples);
        if (problem is null)
        {
            foreach (var metadata in content!.Metadata.Where(metadata => _described.Add(metadata.Metric)))
            {
                sink.Describe(metadata);
            }
        }

        void Own(string metric, double value)
        {
            var series = _labels.Of(metric);
            _series.Seen(series);
            samples.Add(new IncomingSample(series, at, value));
        }
    }

    private void Append(List<IncomingSample> samples)
    {
        if (samples.Count > 0)
        {
            sink.Append(target.Source, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(samples));
        }
    }

    /// <summary>Once per spell of trouble: a target that is down for a night must not fill the log.</summary>
    private void Complain(string? problem)
    {
        if (problem is not null && !_complained)
        {
            CollectingLog.ScrapeFailed(logger, target.Instance, problem);
        }

        _complained = problem is not null;
    }
}
