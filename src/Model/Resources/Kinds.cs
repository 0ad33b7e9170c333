namespace Slipway.Model.Resources;

/// <summary>Every kind Slipway serves. Explicit, so that a reader can click from a use to its definition.</summary>
public static class Kinds
{
    public const string ServingGroup = "serving.knative.dev";
    public const string EventingGroup = "eventing.knative.dev";
    public const string GatewayGroup = "gateway.networking.k8s.io";
    public const string MonitoringGroup = "monitoring.coreos.com";
    public const string BatchGroup = "batch";
    public const string SlipwayGroup = "slipway.dev";

    private static readonly string[] s_all = ["all"];
    private static readonly string[] s_serving = ["all", "knative", "serving"];
    private static readonly string[] s_monitoring = ["prometheus-operator"];
    private static readonly string[] s_eventing = ["all", "knative", "eventing"];

    public static readonly ResourceKind Service = new(ServingGroup, "v1", "Service", "services", "service", true, ["ksvc", "kservice"], s_serving);
    public static readonly ResourceKind Configuration = new(ServingGroup, "v1", "Configuration", "configurations", "configuration", true, ["cfg", "config"], s_serving);
    public static readonly ResourceKind Revision = new(ServingGroup, "v1", "Revision", "revisions", "revision", true, ["rev"], s_serving);
    public static readonly ResourceKind Route = new(ServingGroup, "v1", "Route", "routes", "route", true, ["rt"], s_serving);

    public static readonly ResourceKind HttpRoute = new(GatewayGroup, "v1", "HTTPRoute", "httproutes", "httproute", true, [], []);
    public static readonly ResourceKind TrafficPolicy = new(SlipwayGroup, "v1", "TrafficPolicy", "trafficpolicies", "trafficpolicy", true, ["tp"], ["slipway"]);
    public static readonly ResourceKind Database = new(SlipwayGroup, "v1", "Database", "databases", "database", true, ["db"], ["slipway"]);

    public static readonly ResourceKind Broker = new(EventingGroup, "v1", "Broker", "brokers", "broker", true, [], s_eventing);
    public static readonly ResourceKind Trigger = new(EventingGroup, "v1", "Trigger", "triggers", "trigger", true, [], s_eventing);

    public static readonly ResourceKind PrometheusRule = new(MonitoringGroup, "v1", "PrometheusRule", "prometheusrules", "prometheusrule", true, ["promrule"], s_monitoring);
    public static readonly ResourceKind AlertmanagerConfig = new(MonitoringGroup, "v1alpha1", "AlertmanagerConfig", "alertmanagerconfigs", "alertmanagerconfig", true, ["amcfg"], s_monitoring);

    public static readonly ResourceKind Job = new(BatchGroup, "v1", "Job", "jobs", "job", true, [], s_all);
    public static readonly ResourceKind CronJob = new(BatchGroup, "v1", "CronJob", "cronjobs", "cronjob", true, ["cj"], s_all);

    public static readonly ResourceKind Namespace = new("", "v1", "Namespace", "namespaces", "namespace", false, ["ns"], []);
    public static readonly ResourceKind Secret = new("", "v1", "Secret", "secrets", "secret", true, [], []);
    public static readonly ResourceKind ConfigMap = new("", "v1", "ConfigMap", "configmaps", "configmap", true, ["cm"], []);
    public static readonly ResourceKind ServiceAccount = new("", "v1", "ServiceAccount", "serviceaccounts", "serviceaccount", true, ["sa"], []);
    public static readonly ResourceKind Pod = new("", "v1", "Pod", "pods", "pod", true, ["po"], s_all);
    public static readonly ResourceKind Event = new("", "v1", "Event", "events", "event", true, ["ev"], []);
    public static readonly ResourceKind CoreService = new("", "v1", "Service", "services", "service", true, ["svc"], s_all);

    public static IReadOnlyList<ResourceKind> All { get; } =
    [
        Namespace, Secret, ConfigMap, ServiceAccount, Pod, Event, CoreService,
        Service, Configuration, Revision, Route,
        HttpRoute, TrafficPolicy, Database,
        Broker, Trigger,
        PrometheusRule, AlertmanagerConfig,
        Job, CronJob,
    ];

    /// <summary>The kind that <c>apiVersion</c> and <c>kind</c> of a manifest name, or null when we do not serve it.</summary>
    public static ResourceKind? Find(string apiVersion, string kind) =>
        All.FirstOrDefault(known => known.Kind == kind && known.ApiVersion == apiVersion);

    /// <summary>The kind behind a URL such as <c>/apis/{group}/{version}/…/{plural}</c>.</summary>
    public static ResourceKind? FindByPlural(string group, string version, string plural) =>
        All.FirstOrDefault(known => known.Plural == plural && known.Group == group && known.Version == version);
}
