using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Eventing.Events;
using Slipway.Model;
using Slipway.Model.Core;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Eventing.Platform;

/// <summary>What a change in the store tells about containers and services. Pure.</summary>
internal static class PlatformNews
{
    private const string Prefix = "slipway.platform.";

    public static CloudEvent? Of(Change change) =>
        change.Resource.Kind == Kinds.Pod ? OfPod(change)
        : change.Resource.Kind == Kinds.Revision ? OfRevision(change)
        : change.Resource.Kind == Kinds.Service ? OfService(change)
        : null;

    public static CloudEvent Event(string name, string id, string subject, DateTimeOffset? at, JsonObject data)
    {
        var attributes = new List<KeyValuePair<string, string>>
        {
            new("id", id), new("source", "/slipway/platform"), new("type", $"{Prefix}{name}.v1"), new("subject", subject), new("datacontenttype", "application/json"),
        };
        if (at is { } time)
        {
            attributes.Add(new("time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)));
        }

        return new CloudEvent(attributes, Encoding.UTF8.GetBytes(data.ToJsonString()));
    }

    private static CloudEvent? OfPod(Change change)
    {
        var pod = change.Resource;
        var (before, now) = (Look(change.Before), change.Type == ChangeType.Deleted ? PodLook.Gone : Look(pod));
        var name = (before, now) switch
        {
            (PodLook.Gone or PodLook.Starting, PodLook.Healthy) => "container.started",
            (PodLook.Unhealthy, PodLook.Healthy) => "container.healthy",
            (PodLook.Healthy, PodLook.Unhealthy) => "container.unhealthy",
            (PodLook.Starting or PodLook.Healthy or PodLook.Unhealthy, PodLook.Gone) => "container.stopped",
            _ => null,
        };
        if (name is null)
        {
            return null;
        }

        var status = pod.Read("status", KindsJson.Default.PodStatus);
        return Of(change, name, new JsonObject
        {
            ["namespace"] = pod.Namespace,
            ["container"] = pod.Name,
            ["service"] = pod.Metadata.Label("serving.knative.dev/service"),
            ["revision"] = pod.Metadata.Label("serving.knative.dev/revision"),
            ["phase"] = status?.Phase,
            ["reason"] = Ready(status?.Conditions)?.Reason,
        });
    }

    private static CloudEvent? OfRevision(Change change)
    {
        var before = change.Before?.Read("status", KindsJson.Default.RevisionStatus)?.ActualReplicas ?? 0;
        var now = change.Type == ChangeType.Deleted ? 0 : change.Resource.Read("status", KindsJson.Default.RevisionStatus)?.ActualReplicas ?? 0;
        return before == now
            ? null
            : Of(change, "container.scaled", new JsonObject
            {
                ["namespace"] = change.Resource.Namespace,
                ["service"] = change.Resource.Metadata.Label("serving.knative.dev/service"),
                ["revision"] = change.Resource.Name,
                ["from"] = before,
                ["to"] = now,
            });
    }

    private static CloudEvent? OfService(Change change)
    {
        var service = change.Resource;
        var status = service.Read("status", KindsJson.Default.ServiceStatus);
        var (before, now) = (Ready(change.Before?.Read("status", KindsJson.Default.ServiceStatus)?.Conditions), Ready(status?.Conditions));
        var data = new JsonObject { ["namespace"] = service.Namespace, ["service"] = service.Name, ["url"] = status?.Url };
        if (change.Type == ChangeType.Deleted)
        {
            return Of(change, "service.removed", data);
        }

        if (before?.Status == now?.Status || now is null)
        {
            return null;
        }

        data["ready"] = now.Status;
        data["reason"] = now.Reason;
        return Of(change, "service.health_changed", data);
    }

    /// <summary>The version makes the id: the same change told twice is one event.</summary>
    private static CloudEvent Of(Change change, string name, JsonObject data) => Event(
        name, $"{change.Resource.Uid}-{change.Version}", $"{change.Resource.Namespace}/{change.Resource.Name}", null, data);

    private static PodLook Look(Resource? pod)
    {
        if (pod?.Read("status", KindsJson.Default.PodStatus) is not { Phase: "Pending" or "Running" } status)
        {
            return PodLook.Gone;
        }

        // A container that was ready once and is not any more is unhealthy; before that it is starting.
        return Ready(status.Conditions) switch
        {
            { Status: ConditionStatus.True } => PodLook.Healthy,
            { Status: ConditionStatus.False, LastTransitionTime: { } since } when status.StartTime is { } started && since > started.AddMilliseconds(1) => PodLook.Unhealthy,
            _ => PodLook.Starting,
        };
    }

    private static Condition? Ready(List<Condition>? conditions) => conditions?.Find(condition => condition.Type == "Ready");

    private enum PodLook
    {
        Gone,
        Starting,
        Healthy,
        Unhealthy,
    }
}
