using System.Collections.Frozen;
using System.Text.Json;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Api.Content.Tables;

/// <summary>One column: its heading and how to fill it. Columns with a priority show in wide tables only.</summary>
internal sealed record TableColumn(string Name, string Description, Func<RowSource, object?> Cell, string Type = "string", int Priority = 0);

/// <summary>Which columns each kind has, between the name and the age that all of them share.</summary>
internal static class TableColumns
{
    private static readonly TableColumn s_name = new("Name", "Name of the object.", row => row.Resource.Name);
    private static readonly TableColumn s_age = new("Age", "Time since it was created.", row => row.Age(row.Resource.Metadata.CreationTimestamp));

    private static readonly TableColumn s_ready = new("Ready", "Whether it is ready.", row => row.Condition("Ready", "status"));
    private static readonly TableColumn s_reason = new("Reason", "Why it is not ready.", row => row.Condition("Ready", "reason"));
    private static readonly TableColumn s_url = new("URL", "Where it is reached.", row => row.Text("status", "url"));
    private static readonly TableColumn s_created = new("LatestCreated", "The newest Revision.", row => row.Text("status", "latestCreatedRevisionName"));
    private static readonly TableColumn s_latest = new("LatestReady", "The newest Revision that is ready.", row => row.Text("status", "latestReadyRevisionName"));

    private static readonly FrozenDictionary<ResourceKind, TableColumn[]> s_columns = new Dictionary<ResourceKind, TableColumn[]>
    {
        [Kinds.Service] = [s_url, s_created, s_latest, s_ready, s_reason],
        [Kinds.Configuration] = [s_created, s_latest, s_ready, s_reason],
        [Kinds.Revision] =
        [
            new("Config Name", "The Configuration it was made from.", row => row.Resource.Metadata.Label(ServingNames.Configuration)),
            new("Generation", "The generation of the Configuration.", row => row.Resource.Metadata.Label(ServingNames.ConfigurationGeneration)),
            s_ready,
            s_reason,
            new("Actual Replicas", "Instances that run.", row => row.Number("status", "actualReplicas"), "integer"),
            new("Desired Replicas", "Instances that are wanted.", row => row.Number("status", "desiredReplicas"), "integer"),
        ],
        [Kinds.Route] = [s_url, s_ready, s_reason],
        [Kinds.HttpRoute] = [new("Hostnames", "The hosts it serves.", HttpRouteHosts)],
        [Kinds.TrafficPolicy] = [new("Target", "What it applies to.", row => $"{row.Text("spec", "targetRef", "kind")}/{row.Text("spec", "targetRef", "name")}"), s_ready, s_reason],
        [Kinds.Database] = [new("Database", "Its name in the server.", row => row.Text("status", "databaseName")), s_ready, s_reason],
        [Kinds.Broker] = [new("URL", "Where events are sent.", row => row.Text("status", "address", "url")), s_age, s_ready, s_reason],
        [Kinds.Trigger] =
        [
            new("Broker", "Whose events it takes.", row => row.Text("spec", "broker")),
            new("Subscriber_URI", "Where they go.", row => row.Text("status", "subscriberUri")),
            s_age,
            s_ready,
            s_reason,
        ],
        [Kinds.PrometheusRule] =
        [
            new("Rules", "Rules that are evaluated.", row => row.Number("status", "rules"), "integer"),
            s_age,
            new("Accepted", "Whether all rules could be read.", row => row.Condition("Accepted", "status")),
        ],
        [Kinds.AlertmanagerConfig] =
        [
            new("Receivers", "Receivers that are served.", row => row.Number("status", "receivers"), "integer"),
            s_age,
            new("Accepted", "Whether it could be read.", row => row.Condition("Accepted", "status")),
        ],
        [Kinds.Namespace] = [new("Status", "Active or Terminating.", row => row.Text("status", "phase"))],
        [Kinds.Secret] =
        [
            new("Type", "What it is for.", row => row.Text("type")),
            new("Data", "Number of keys.", row => (long)row.Count("data"), "integer"),
        ],
        [Kinds.ConfigMap] = [new("Data", "Number of keys.", row => (long)(row.Count("data") + row.Count("binaryData")), "integer")],
        [Kinds.ServiceAccount] = [],
        [Kinds.Pod] = PodColumns.All,
        [Kinds.Event] =
        [
            new("Last Seen", "When it happened last.", row => row.Age(row.Time("lastTimestamp") ?? row.Resource.Metadata.CreationTimestamp)),
            new("Type", "Normal or Warning.", row => row.Text("type")),
            new("Reason", "One word.", row => row.Text("reason")),
            new("Object", "What it is about.", row => $"{row.Text("involvedObject", "kind")?.ToLowerInvariant()}/{row.Text("involvedObject", "name")}"),
            new("Message", "What happened.", row => row.Text("message")?.Trim()),
        ],
        [Kinds.CoreService] = CoreServiceColumns.All,
        [Kinds.Job] = JobColumns.OfJob,
        [Kinds.CronJob] = JobColumns.OfCronJob,
    }.ToFrozenDictionary();

    public static IReadOnlyList<TableColumn> Of(ResourceKind kind) =>
        kind == Kinds.Event
            ? [.. s_columns[kind], s_name with { Priority = 1 }]
            : s_columns.GetValueOrDefault(kind, []) is var own && own.Contains(s_age) ? [s_name, .. own] : [s_name, .. own, s_age];

    private static string HttpRouteHosts(RowSource row) =>
        JsonSerializer.Serialize([.. row.Items("spec", "hostnames").Select(host => host.ToString())], TableJson.Default.ListString);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(List<string>))]
internal sealed partial class TableJson : System.Text.Json.Serialization.JsonSerializerContext;
