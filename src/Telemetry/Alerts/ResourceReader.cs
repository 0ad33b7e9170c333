using System.Text.Json;
using Slipway.Model;
using Slipway.Model.Failures;
using Slipway.Model.Monitoring;
using Slipway.Model.Resources;
using Slipway.Store;
using Slipway.Telemetry.Alerts.Keeping;
using Slipway.Telemetry.Alerts.Routing;
using Slipway.Telemetry.Alerts.Rules;
using Slipway.Telemetry.Queries;

namespace Slipway.Telemetry.Alerts;

/// <summary>Makes rules and routes of what is in the store, and says in each resource whether it was understood.</summary>
internal sealed class ResourceReader(AlertEngineParts parts, RuleRoom rules, Dispatcher dispatcher, Microsoft.Extensions.Logging.ILogger logger)
{
    private const int MessageMax = 2000;
    private const int JudgedMax = 20_000;

    /// <summary>What was said about expressions already; they are judged by evaluating them, which is not done at every look.</summary>
    private readonly Dictionary<(string Expression, bool OnLogs), Failure?> _judged = [];
    private bool _unjudged;

    /// <summary>False when something should be tried again.</summary>
    public async Task<bool> ReadAsync(CancellationToken cancellation)
    {
        _unjudged = false;
        var complete = await RulesAsync(cancellation);
        return await RoutesAsync(cancellation) && complete && !_unjudged;
    }

    private async Task<bool> RulesAsync(CancellationToken cancellation)
    {
        var groups = new List<RuleGroup>();
        var statuses = new List<(Resource, byte[])>();
        var now = parts.Time.GetUtcNow();
        foreach (var resource in parts.Store.List(Kinds.PrometheusRule).Items.Where(resource => !resource.IsDeleting))
        {
            RuleReading reading;
            try
            {
                reading = RuleReader.Read(resource, (expression, onLogs) => Judge(expression, onLogs, cancellation));
            }
            catch (Exception wrong) when (wrong is FormatException or JsonException)
            {
                // Stored before a rule of today was made; what is validated today does not come here.
                reading = new RuleReading([], [new RuleMistake("spec", wrong.Message)]);
            }

            var mistakes = reading.Mistakes.ToList();
            if (groups.Count + reading.Groups.Count > parts.Settings.GroupsMax)
            {
                mistakes.Add(new RuleMistake("spec.groups", $"there are {parts.Settings.GroupsMax} groups in all already; none of this resource is evaluated"));
                reading = reading with { Groups = [] };
            }

            groups.AddRange(reading.Groups);
            var working = reading.Groups.Sum(group => group.Rules.Count);
            var former = resource.Read("status", KindsJson.Default.PrometheusRuleStatus)?.Conditions;
            var status = new PrometheusRuleStatus
            {
                ObservedGeneration = resource.Metadata.Generation,
                Rules = working,
                Groups = reading.Groups.Count(group => group.Rules.Count > 0),
                Conditions =
                [
                    mistakes.Count == 0
                        ? ResourceStatus.Claim(former, "Accepted", true, null, null, now)
                        : ResourceStatus.Claim(former, "Accepted", false, "RulesInvalid", Told(mistakes, $"{working} other rules work."), now),
                ],
            };
            statuses.Add((resource, JsonSerializer.SerializeToUtf8Bytes(status, KindsJson.Default.PrometheusRuleStatus)));
        }

        rules.Set(groups);
        return await SayAsync(statuses, cancellation);
    }

    private async Task<bool> RoutesAsync(CancellationToken cancellation)
    {
        var statuses = new List<(Resource, byte[])>();
        var good = new List<Resource>();
        var now = parts.Time.GetUtcNow();
        foreach (var resource in parts.Store.List(Kinds.AlertmanagerConfig).Items.Where(resource => !resource.IsDeleting))
        {
            var former = resource.Read("status", KindsJson.Default.AlertmanagerConfigStatus)?.Conditions;
            var mistakes = new List<RuleMistake>();
            var receivers = 0;
            var conditions = new List<Condition>();
            try
            {
                receivers = RoutingPlan.Of([resource]).Receivers.Count;
                good.Add(resource);
                var spec = resource.Read("spec", KindsJson.Default.AlertmanagerConfigSpec)!;
                ReceiverTexts.Check(spec, mistakes);
                var missing = ReceiverTexts.Secrets(spec).Distinct().Where(secret => Secret(resource.Namespace, secret.Name, secret.Key) is null).ToList();
                conditions.Add(missing.Count == 0
                    ? ResourceStatus.Claim(former, "SecretsFound", true, null, null, now)
                    : ResourceStatus.Claim(
                        former, "SecretsFound", false, "SecretMissing",
                        $"Not in namespace \"{resource.Namespace}\": {string.Join(", ", missing.Select(secret => $"Secret \"{secret.Name}\" with key \"{secret.Key}\""))}. Messages wait until it is there.", now, "Warning"));
            }
            catch (Exception wrong) when (wrong is FormatException or ArgumentException or JsonException)
            {
                // Stored before a rule of today was made; what is validated today does not come here.
                mistakes.Add(new RuleMistake("spec", wrong.Message));
            }

            conditions.Insert(0, mistakes.Count == 0
                ? ResourceStatus.Claim(former, "Accepted", true, null, null, now)
                : ResourceStatus.Claim(former, "Accepted", false, "ConfigInvalid", Told(mistakes, receivers > 0 ? "Messages go out with standard texts instead." : "Nothing of it works."), now));
            var status = new AlertmanagerConfigStatus { ObservedGeneration = resource.Metadata.Generation, Receivers = receivers, Conditions = conditions };
            statuses.Add((resource, JsonSerializer.SerializeToUtf8Bytes(status, KindsJson.Default.AlertmanagerConfigStatus)));
        }

        dispatcher.Plan = RoutingPlan.Of(good);
        return await SayAsync(statuses, cancellation);
    }

    public string? Secret(string @namespace, string name, string key)
    {
        var data = parts.Store.Get(new ResourceKey(Kinds.Secret, @namespace, name))?.Read("data", KindsJson.Default.DictionaryStringString);
        if (data is null || !data.TryGetValue(key, out var encoded))
        {
            return null;
        }

        try
        {
            return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private Failure? Judge(string expression, bool onLogs, CancellationToken cancellation)
    {
        if (_judged.TryGetValue((expression, onLogs), out var known))
        {
            return known;
        }

        using var limit = new CancellationTokenSource(parts.Settings.EvaluationLimit, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        Failure? verdict = null;
        try
        {
            // Only what cannot be read is a mistake; what is too much or too slow today may be right tomorrow and is told by its evaluation.
            var answer = (onLogs ? parts.Logs : parts.Metrics).Instant(expression, parts.Time.GetUtcNow().ToUnixTimeMilliseconds(), either.Token);
            if (answer.Failure is { Kind: FailureKind.Unavailable })
            {
                // Nobody could say: whoever evaluates is not there yet. Until then the rule counts as good.
                _unjudged = true;
                return null;
            }

            verdict = answer.Failure is { Code: "bad-expression" } failure ? failure
                : answer.Succeeded && answer.Value is MatrixResult or TextResult ? new Failure(FailureKind.Invalid, "bad-expression", "must come to a vector or a number")
                : null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }

        if (_judged.Count >= JudgedMax)
        {
            _judged.Clear();
        }

        _judged[(expression, onLogs)] = verdict;
        return verdict;
    }

    private static string Told(List<RuleMistake> mistakes, string rest)
    {
        var text = string.Join("; ", mistakes.Select(mistake => $"{mistake.Path}: {mistake.Detail.TrimEnd('.')}"));
        return $"{(text.Length <= MessageMax ? text : text[..MessageMax] + " …")}. {rest}";
    }

    private async Task<bool> SayAsync(List<(Resource Resource, byte[] Status)> statuses, CancellationToken cancellation)
    {
        var complete = true;
        foreach (var (resource, status) in statuses)
        {
            if (await ResourceStatus.WriteAsync(parts.Store, resource, status, cancellation) is { } failure)
            {
                // A conflict is somebody else's newer version, and looking again finds it.
                complete = false;
                if (failure.Kind != FailureKind.Conflict)
                {
                    AlertLog.StatusNotWritten(logger, resource.Key.ToString(), failure.Detail);
                }
            }
        }

        return complete;
    }
}
