using Microsoft.Extensions.Logging;
using Slipway.Store;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Queries;

namespace Slipway.Telemetry.Alerts;

/// <summary>What the alert engine is given.</summary>
/// <param name="Store">PrometheusRules, AlertmanagerConfigs and the Secrets these name.</param>
/// <param name="Metrics">Evaluates PromQL.</param>
/// <param name="Logs">Evaluates the counting part of LogQL.</param>
/// <param name="Sink">Takes what rules record, and the series of the alerts.</param>
/// <param name="Folder">Where state, silences and messages that wait are kept; made if it is not there.</param>
public sealed record AlertEngineParts(
    IResourceStore Store,
    IExpressions Metrics,
    IExpressions Logs,
    IMetricSink Sink,
    string Folder,
    TimeProvider Time,
    ILoggerFactory Loggers)
{
    public AlertSettings Settings { get; init; } = new();
}

/// <summary>Bounds and times of the alerts.</summary>
public sealed record AlertSettings
{
    /// <summary>How long the rules of one group may take together.</summary>
    public TimeSpan EvaluationLimit { get; init; } = TimeSpan.FromSeconds(10);

    public int EvaluationsAtOnce { get; init; } = 2;

    public int GroupsMax { get; init; } = 500;

    /// <summary>So many results one rule may have.</summary>
    public int ElementsMax { get; init; } = 1000;

    /// <summary>Just after a start nothing resolves for so long: what is not measured yet is not over yet.</summary>
    public TimeSpan StartGrace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>An alert that was posted without an end is over when it was not posted again for so long.</summary>
    public TimeSpan ResolveTimeout { get; init; } = TimeSpan.FromMinutes(5);

    public int PostedMax { get; init; } = 10_000;

    public int SilencesMax { get; init; } = 10_000;

    public TimeSpan SilencesKept { get; init; } = TimeSpan.FromDays(5);

    /// <summary>Messages that may wait.</summary>
    public int NoticesMax { get; init; } = 10_000;

    /// <summary>How long a message is tried.</summary>
    public TimeSpan KeepTrying { get; init; } = TimeSpan.FromHours(24);

    public TimeSpan SendLimit { get; init; } = TimeSpan.FromSeconds(10);

    public int SendsAtOnce { get; init; } = 8;

    /// <summary>Mails that lie in the folder when there is no mail server.</summary>
    public int MailsKept { get; init; } = 1000;

    /// <summary>Chance, so that messages which failed together do not come back together.</summary>
    public Func<double> Dice { get; init; } = Random.Shared.NextDouble;
}
