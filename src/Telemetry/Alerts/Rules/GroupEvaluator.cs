using System.Collections.Frozen;
using Slipway.Telemetry.Alerts.Templates;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Queries;

namespace Slipway.Telemetry.Alerts.Rules;

/// <summary>Evaluates the rules of one group and writes what they come to.</summary>
internal sealed class GroupEvaluator(IExpressions metrics, IExpressions logs, IMetricSink sink, TimeProvider time, int elementsMax)
{
    public const string Source = "slipway/alerts";
    public const string AlertsMetric = "ALERTS";
    public const string StateMetric = "ALERTS_FOR_STATE";

    /// <summary>How many rules failed.</summary>
    public int Evaluate(RuleGroup group, GroupMemory memory, long at, bool mayResolve, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var failed = 0;
        var asOf = at - (long)group.Offset.TotalMilliseconds;
        for (var index = 0; index < group.Rules.Count; index++)
        {
            var (rule, remembered) = (group.Rules[index], memory.Rules[index]);
            var ruleBegan = time.GetTimestamp();
            remembered.Error = Evaluate(group, rule, remembered, at, asOf, mayResolve, cancellation);
            remembered.Took = time.GetElapsedTime(ruleBegan);
            remembered.EvaluatedAt = DateTimeOffset.FromUnixTimeMilliseconds(at);
            failed += remembered.Error is null ? 0 : 1;
        }

        memory.Took = time.GetElapsedTime(began);
        memory.EvaluatedAt = DateTimeOffset.FromUnixTimeMilliseconds(at);
        return failed;
    }

    /// <summary>Ends the series of a rule that is no more.</summary>
    public void End(RuleMemory memory, long at)
    {
        Write(memory, [], at);
        memory.Instances = [];
    }

    private string? Evaluate(RuleGroup group, Rule rule, RuleMemory memory, long at, long asOf, bool mayResolve, CancellationToken cancellation)
    {
        try
        {
            var answer = (group.OnLogs ? logs : metrics).Instant(rule.Expression, asOf, cancellation);
            if (answer.Failure is { } failure)
            {
                return failure.Detail;
            }

            if (Elements(answer.Value) is not { } elements)
            {
                return "the expression comes to neither a vector nor a number";
            }

            var limit = group.Limit > 0 ? Math.Min(group.Limit, elementsMax) : elementsMax;
            if (elements.Count > limit)
            {
                return $"the expression comes to {elements.Count} results and {limit} are allowed";
            }

            return rule is AlertRule alert ? Alert(alert, memory, elements, at, mayResolve) : Record((RecordRule)rule, memory, elements, asOf);
        }
        catch (OperationCanceledException)
        {
            return "the evaluation took too long and was stopped";
        }
        catch (TemplateException wrong)
        {
            return wrong.Message;
        }
#pragma warning disable CA1031 // A rule that meets a bug of a query must not end the alerts of all others; it is told as the rule's error.
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            return $"{unexpected.GetType().Name}: {unexpected.Message}";
        }
    }

    private static IReadOnlyList<VectorElement>? Elements(QueryResult result) => result switch
    {
        VectorResult vector => vector.Elements,
        ScalarResult scalar => [new VectorElement(LabelSet.Empty, scalar.Sample)],
        _ => null,
    };

    private string? Alert(AlertRule rule, RuleMemory memory, IReadOnlyList<VectorElement> elements, long at, bool mayResolve)
    {
        var found = new Dictionary<LabelSet, Finding>();
        foreach (var element in elements)
        {
            var finding = Found(rule, element);
            if (!found.TryAdd(finding.Labels, finding))
            {
                return $"two results have the labels {finding.Labels}; labels of an alert must tell its results apart";
            }
        }

        memory.Instances = AlertDecider.Next(rule.For, rule.KeepFiringFor, memory.Instances, [.. found.Values], at, mayResolve);
        var samples = new List<IncomingSample>();
        foreach (var instance in memory.Instances.Where(instance => instance.Phase != AlertPhase.Resolved))
        {
            var phase = instance.Phase == AlertPhase.Firing ? "firing" : "pending";
            samples.Add(new IncomingSample(instance.Labels.With("alertstate", phase).With(LabelSet.MetricName, AlertsMetric), at, 1));
            samples.Add(new IncomingSample(instance.Labels.With(LabelSet.MetricName, StateMetric), at, instance.ActiveAt / 1000d));
        }

        Write(memory, samples, at);
        return null;
    }

    private static Finding Found(AlertRule rule, VectorElement element)
    {
        var labels = element.Labels.Without(LabelSet.MetricName);
        var values = labels.ToDictionary(label => label.Name, label => (object?)label.Value, StringComparer.Ordinal);
        var data = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["Labels"] = values,
            ["Value"] = element.Sample.Value,
            ["ExternalLabels"] = FrozenDictionary<string, object?>.Empty,
            ["ExternalURL"] = "",
        };
        var variables = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["labels"] = values,
            ["value"] = element.Sample.Value,
            ["externalLabels"] = data["ExternalLabels"],
            ["externalURL"] = "",
        };
        foreach (var (name, template) in rule.Labels)
        {
            labels = labels.With(name, template.Fill(data, variables));
        }

        var annotations = rule.Annotations.ToDictionary(entry => entry.Key, entry => entry.Value.Fill(data, variables), StringComparer.Ordinal);
        return new Finding(labels.With("alertname", rule.Name), annotations, element.Sample.Value);
    }

    private string? Record(RecordRule rule, RuleMemory memory, IReadOnlyList<VectorElement> elements, long at)
    {
        var seen = new HashSet<LabelSet>();
        var samples = new List<IncomingSample>(elements.Count);
        foreach (var element in elements)
        {
            var labels = element.Labels;
            foreach (var (name, value) in rule.LabelTexts)
            {
                labels = labels.With(name, value);
            }

            labels = labels.With(LabelSet.MetricName, rule.Name);
            if (!seen.Add(labels))
            {
                return $"two results have the labels {labels}";
            }

            samples.Add(new IncomingSample(labels, at, element.Sample.Value));
        }

        Write(memory, samples, at);
        return null;
    }

    private void Write(RuleMemory memory, List<IncomingSample> samples, long at)
    {
        var written = samples.Select(sample => sample.Series).ToHashSet();
        foreach (var ended in memory.Written.Where(series => !written.Contains(series)))
        {
            samples.Add(new IncomingSample(ended, at, Sample.Stale));
        }

        memory.Written = written;
        if (samples.Count > 0)
        {
            sink.Append(Source, samples.ToArray());
        }
    }
}
