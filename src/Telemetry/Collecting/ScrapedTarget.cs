using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Exposition;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Collecting;

/// <summary>One target while it is there: its series of the last page, and how the last scrape went.</summary>
internal sealed class ScrapedTarget(ScrapeTarget target, ScrapeFetch fetch, IMetricSink sink, ScrapeOptions options, TimeProvider time, ILogger logger)
{
    private readonly LabelSet _labels = LabelSet.Of(
        ("instance", target.Instance), ("job", target.Service), ("namespace", target.Namespace), ("revision", target.Revision), ("service", target.Service));

    private readonly SeriesBook _own = new();
    private ExpositionReader? _reader;
    private bool _answersFigures = target.Wish == ScrapeWish.Asked;
    private bool _complained;

    public TargetState State { get; private set; } = new(target, TargetHealth.Unknown, null, 0, 0, null);

    private ExpositionReader Reader => _reader ??= new ExpositionReader(_labels, new ExpositionLimits { SamplesMax = options.SamplesMax });

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

        var problem = answer switch
        {
            ScrapeAnswer.Failed failed => failed.Reason,
            ScrapeAnswer.NoSuchPlace none => none.Reason,
            ScrapeAnswer.Body body => Reader.Read(body.Bytes.Span, ExpositionForms.Of(body.ContentType), at)?.Detail,
            _ => throw new InvalidOperationException($"There is no answer such as {answer}."),
        };
        if (problem is not null && !_answersFigures)
        {
            _reader = null;
            State = new TargetState(target, TargetHealth.Silent, now, seconds, 0, problem);
            return options.LookAgain;
        }

        _answersFigures = true;
        var count = problem is null ? Reader.Samples.Length : 0;
        Store(problem, at, seconds, count);
        State = new TargetState(target, problem is null ? TargetHealth.Up : TargetHealth.Down, now, seconds, count, problem);
        Complain(problem);
        return options.Interval;
    }

    /// <summary>The target froze or ended: none of its series goes on.</summary>
    public void End()
    {
        var at = time.GetUtcNow().ToUnixTimeMilliseconds();
        Append([.. Ended(at), .. _own.Turn(at)]);
    }

    private void Store(string? problem, long at, double seconds, int count)
    {
        List<IncomingSample> samples;
        if (problem is null)
        {
            samples = new(count + 8);
            samples.AddRange(Reader.Samples);
            samples.AddRange(Reader.Vanished.Select(series => new IncomingSample(series, at, Sample.Stale)));
            foreach (var metadata in Reader.Metadata)
            {
                sink.Describe(metadata);
            }
        }
        else
        {
            samples = Ended(at);
        }

        Own("up", problem is null ? 1 : 0);
        Own("scrape_duration_seconds", seconds);
        Own("scrape_samples_scraped", count);
        samples.AddRange(_own.Turn(at));
        Append(samples);

        void Own(string metric, double value)
        {
            var series = _labels.With(LabelSet.MetricName, metric);
            _own.Seen(series);
            samples.Add(new IncomingSample(series, at, value));
        }
    }

    /// <summary>Marks for everything the target told last.</summary>
    private List<IncomingSample> Ended(long at)
    {
        if (_reader is not { } reader)
        {
            return [];
        }

        List<IncomingSample> marks = [.. reader.Known.Select(series => new IncomingSample(series, at, Sample.Stale))];
        reader.Forget();
        return marks;
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
