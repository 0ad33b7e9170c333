using System.Text.Json.Nodes;
using Slipway.Model.Trees;

namespace Slipway.Model.Defaulting;

internal static class BatchDefaults
{
    public const string ControllerUid = "batch.kubernetes.io/controller-uid";
    public const string JobName = "batch.kubernetes.io/job-name";
    public const string OldControllerUid = "controller-uid";
    public const string OldJobName = "job-name";

    public static void ApplyToJob(JsonObject next, JsonObject? current)
    {
        if (next.Object("spec") is not { } spec)
        {
            return;
        }

        Job(spec);
        Identity(next, spec, current);
    }

    public static void ApplyToCronJob(JsonObject next)
    {
        if (next.Object("spec") is not { } spec)
        {
            return;
        }

        Set(spec, "concurrencyPolicy", "Allow");
        Set(spec, "suspend", false);
        Set(spec, "successfulJobsHistoryLimit", 3);
        Set(spec, "failedJobsHistoryLimit", 1);

        // The numbers of each job are filled in when it is made; only its pods are completed here.
        Pod(spec.Object("jobTemplate").Object("spec").Object("template").Object("spec"));
    }

    private static void Job(JsonObject spec)
    {
        // Neither number given means one pod; with only parallelism given the job is a pool without a fixed count.
        if (!spec.Has("completions") && !spec.Has("parallelism"))
        {
            spec["completions"] = 1;
        }

        Set(spec, "parallelism", 1);
        Set(spec, "backoffLimit", 6);
        Set(spec, "suspend", false);
        Set(spec, "completionMode", "NonIndexed");
        Pod(spec.Object("template").Object("spec"));
    }

    /// <summary>
    /// The selector and the labels that tie pods to this very job. They need the uid, so a job that has none yet is
    /// completed when it gets one; on an update the stored ones count.
    /// </summary>
    private static void Identity(JsonObject next, JsonObject spec, JsonObject? current)
    {
        if (!spec.Has("selector") && current.Object("spec").Object("selector") is { } stored)
        {
            spec["selector"] = stored.DeepClone();
        }

        var storedLabels = current.Object("spec").Object("template").Object("metadata").Object("labels");
        var uid = current.Object("metadata").Text("uid") ?? next.Object("metadata").Text("uid");
        if (string.IsNullOrEmpty(uid) || spec.Object("template") is not { } template)
        {
            return;
        }

        if (!spec.Has("selector"))
        {
            spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { [ControllerUid] = uid } };
        }

        if (template.Ensure("metadata")?.Ensure("labels") is not { } labels)
        {
            return;
        }

        var name = next.Object("metadata").Text("name") ?? "";
        foreach (var (key, value) in new[] { (ControllerUid, uid), (JobName, name), (OldControllerUid, uid), (OldJobName, name) })
        {
            Set(labels, key, storedLabels.Text(key) ?? value);
        }
    }

    private static void Pod(JsonObject? pod)
    {
        if (pod is null)
        {
            return;
        }

        Set(pod, "terminationGracePeriodSeconds", 30);
        Set(pod, "dnsPolicy", "ClusterFirst");
        Set(pod, "schedulerName", "default-scheduler");
        Set(pod, "securityContext", new JsonObject());
        foreach (var (container, _) in pod.Objects("containers"))
        {
            Set(container, "terminationMessagePath", "/dev/termination-log");
            Set(container, "terminationMessagePolicy", "File");
            Set(container, "resources", new JsonObject());
            Set(container, "imagePullPolicy", PullPolicy(container.Text("image") ?? ""));
            foreach (var (port, _) in container.Objects("ports"))
            {
                Set(port, "protocol", "TCP");
            }

            foreach (var probe in new[] { "readinessProbe", "livenessProbe", "startupProbe" })
            {
                Probe(container.Object(probe));
            }
        }
    }

    private static void Probe(JsonObject? probe)
    {
        if (probe is null)
        {
            return;
        }

        Set(probe, "timeoutSeconds", 1);
        Set(probe, "periodSeconds", 10);
        Set(probe, "successThreshold", 1);
        Set(probe, "failureThreshold", 3);
        if (probe.Object("httpGet") is { } request)
        {
            Set(request, "path", "/");
            Set(request, "scheme", "HTTP");
        }
    }

    // A moving tag is asked for every time, as everywhere in Kubernetes; anything pinned is fetched once.
    private static string PullPolicy(string image)
    {
        if (image.Contains('@'))
        {
            return "IfNotPresent";
        }

        var colon = image.LastIndexOf(':');
        var tag = colon > image.LastIndexOf('/') ? image[(colon + 1)..] : "";
        return tag is "" or "latest" ? "Always" : "IfNotPresent";
    }

    private static void Set(JsonObject parent, string name, JsonNode value)
    {
        if (!parent.Has(name))
        {
            parent[name] = value;
        }
    }
}
