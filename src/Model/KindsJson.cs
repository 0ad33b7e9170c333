using System.Text.Json.Serialization;
using Slipway.Model.Batch;
using Slipway.Model.Core;
using Slipway.Model.Eventing;
using Slipway.Model.Gateway;
using Slipway.Model.Monitoring;
using Slipway.Model.Platform;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Model;

/// <summary>JSON of the typed specs and statuses. Reads what the API has validated and defaulted.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(TimestampConverter), typeof(TextOrNumberConverter)])]
[JsonSerializable(typeof(ServiceSpec))]
[JsonSerializable(typeof(ServiceStatus))]
[JsonSerializable(typeof(ConfigurationSpec))]
[JsonSerializable(typeof(ConfigurationStatus))]
[JsonSerializable(typeof(RouteSpec))]
[JsonSerializable(typeof(RouteStatus))]
[JsonSerializable(typeof(TemplateSpec))]
[JsonSerializable(typeof(RevisionStatus))]
[JsonSerializable(typeof(JobSpec))]
[JsonSerializable(typeof(JobStatus))]
[JsonSerializable(typeof(CronJobSpec))]
[JsonSerializable(typeof(CronJobStatus))]
[JsonSerializable(typeof(HttpRouteSpec))]
[JsonSerializable(typeof(HttpRouteStatus))]
[JsonSerializable(typeof(TrafficPolicySpec))]
[JsonSerializable(typeof(TrafficPolicyStatus))]
[JsonSerializable(typeof(DatabaseSpec))]
[JsonSerializable(typeof(DatabaseStatus))]
[JsonSerializable(typeof(BrokerSpec))]
[JsonSerializable(typeof(BrokerStatus))]
[JsonSerializable(typeof(TriggerSpec))]
[JsonSerializable(typeof(TriggerStatus))]
[JsonSerializable(typeof(PrometheusRuleSpec))]
[JsonSerializable(typeof(PrometheusRuleStatus))]
[JsonSerializable(typeof(AlertmanagerConfigSpec))]
[JsonSerializable(typeof(AlertmanagerConfigStatus))]
[JsonSerializable(typeof(NamespaceStatus))]
[JsonSerializable(typeof(PodStatus))]
[JsonSerializable(typeof(EventBody))]
[JsonSerializable(typeof(Dictionary<string, string>))]
public sealed partial class KindsJson : JsonSerializerContext;
