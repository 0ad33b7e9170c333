using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.PromQl;
using Slipway.Telemetry.PromQl.Evaluation;
using Slipway.Telemetry.PromQl.Syntax;

namespace Slipway.Telemetry.Doors.Prometheus;

/// <summary><c>/federate</c>: the newest samples of chosen series as text, for another Prometheus to scrape.</summary>
internal sealed class FederateEndpoint(PrometheusApiServices services, QueryGate gate)
{
    private const int FlushCharacters = 32 * 1024;

    public async Task AnswerAsync(HttpContext context)
    {
        var read = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        var matches = read.Failure is { } unreadable ? unreadable : read.Value.Matches();
        var newest = matches.Failure is { } unknown ? unknown
            : await gate.RunAsync(cancellation => Newest(matches.Value, cancellation), context.RequestAborted).ConfigureAwait(false);
        if (newest.Failure is { } failure)
        {
            context.Response.StatusCode = failure.Kind switch
            {
                FailureKind.Malformed => StatusCodes.Status400BadRequest,
                FailureKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status422UnprocessableEntity,
            };
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(failure.Detail, context.RequestAborted).ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        var text = new StringBuilder();
        var metric = "";
        foreach (var (labels, sample) in newest.Value)
        {
            if (labels.Metric != metric)
            {
                metric = labels.Metric;
                text.Append("# TYPE ").Append(metric).Append(" untyped\n");
            }

            text.Append(labels).Append(' ').Append(PromQlNumber.Answer(sample.Value)).Append(' ').Append(sample.At.ToString(CultureInfo.InvariantCulture)).Append('\n');
            if (text.Length > FlushCharacters)
            {
                await context.Response.WriteAsync(text.ToString(), context.RequestAborted).ConfigureAwait(false);
                text.Clear();
            }
        }

        await context.Response.WriteAsync(text.ToString(), context.RequestAborted).ConfigureAwait(false);
    }

    private Outcome<IReadOnlyList<VectorEntry>> Newest(IReadOnlyList<IReadOnlyList<LabelMatcher>> matches, CancellationToken cancellation)
    {
        var options = services.Engine.Options;
        var now = services.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var newest = new Dictionary<LabelSet, Sample>();
        try
        {
            foreach (var matchers in matches)
            {
                foreach (var series in services.Series.Select(matchers, now - options.LookbackMilliseconds, now, options.SamplesMax, cancellation))
                {
                    if (series.Labels.Metric.Length > 0 && series.Samples.Length > 0 && series.Samples.Span[^1] is { IsStale: false } last)
                    {
                        newest[series.Labels] = last;
                    }
                }
            }
        }
        catch (ReadLimitException)
        {
            return new Failure(FailureKind.Exhausted, PromQlEngine.QueryTooLarge, QueryBudget.Exceeded);
        }

        // All series of one metric stand together, as the text form wants it.
        return (VectorEntry[])[.. newest.Select(entry => new VectorEntry(entry.Key, entry.Value))
            .OrderBy(entry => entry.Labels.Metric, StringComparer.Ordinal).ThenBy(entry => entry.Labels, LabelOrder.Instance)];
    }

    private readonly record struct VectorEntry(LabelSet Labels, Sample Sample);
}
