using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.PromQl.Evaluation;

namespace Slipway.Telemetry.Doors.Prometheus;

/// <summary><c>series</c>, <c>labels</c> and <c>label/…/values</c>: what there is to ask about.</summary>
internal sealed class SeriesEndpoints(PrometheusApiServices services, QueryGate gate)
{
    public Task SeriesAsync(HttpContext context) => AnswerAsync(context, question =>
    {
        if (question.Matches.Count == 0)
        {
            return ApiParameters.Bad("no match[] parameter provided");
        }

        var found = new HashSet<LabelSet>();
        foreach (var matchers in question.Matches)
        {
            found.UnionWith(services.Series.Series(matchers, question.From, question.To));
        }

        return (Outcome<IReadOnlyList<LabelSet>>)(LabelSet[])[.. found.Order(LabelOrder.Instance).Take(question.Limit)];
    }, (context, found) => ApiAnswer.SucceedAsync(context, json =>
    {
        json.WriteStartArray();
        foreach (var labels in found)
        {
            ApiAnswer.WriteLabels(json, labels);
        }

        json.WriteEndArray();
    }));

    public Task LabelsAsync(HttpContext context) => AnswerAsync(context, question =>
        Names(question, matchers => services.Series.LabelNames(matchers, question.From, question.To)), WriteAsync);

    public Task ValuesAsync(HttpContext context)
    {
        var name = context.GetRouteValue("name") as string ?? "";
        return AnswerAsync(context, question => !LabelFunctions.IsName(name)
            ? ApiParameters.Bad($"invalid label name: \"{name}\"")
            : Names(question, matchers => services.Series.LabelValues(name, matchers, question.From, question.To)), WriteAsync);
    }

    private static Outcome<IReadOnlyList<string>> Names(Question question, Func<IReadOnlyList<LabelMatcher>, IReadOnlyList<string>> read)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var matchers in question.Matches.DefaultIfEmpty([]))
        {
            found.UnionWith(read(matchers));
        }

        return (string[])[.. found.Take(question.Limit)];
    }

    private static Task WriteAsync(HttpContext context, IReadOnlyList<string> texts) => ApiAnswer.SucceedAsync(context, json =>
    {
        json.WriteStartArray();
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    });

    private async Task AnswerAsync<T>(HttpContext context, Func<Question, Outcome<T>> find, Func<HttpContext, T, Task> write)
    {
        var question = await Question.ReadAsync(context.Request).ConfigureAwait(false);
        var found = question.Failure is { } unreadable ? unreadable
            : await gate.RunAsync(_ => find(question.Value), context.RequestAborted).ConfigureAwait(false);
        await (found.Failure is { } failure ? ApiAnswer.FailAsync(context, failure) : write(context, found.Value)).ConfigureAwait(false);
    }

    private sealed record Question(IReadOnlyList<IReadOnlyList<LabelMatcher>> Matches, long From, long To, int Limit)
    {
        public static async Task<Outcome<Question>> ReadAsync(HttpRequest request)
        {
            var read = await ApiParameters.ReadAsync(request).ConfigureAwait(false);
            if (read.Failure is { } unreadable)
            {
                return unreadable;
            }

            var period = read.Value.Period();
            var matches = read.Value.Matches();
            var limit = read.Value.Limit();
            var failure = period.Failure ?? matches.Failure ?? limit.Failure;
            return failure is not null ? failure : new Question(matches.Value, period.Value.From, period.Value.To, limit.Value);
        }
    }
}
