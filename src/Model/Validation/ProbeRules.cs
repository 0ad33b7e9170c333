using System.Text.Json.Nodes;
using Slipway.Model.Decoding;
using Slipway.Model.Trees;

namespace Slipway.Model.Validation;

/// <summary>One probe of a container.</summary>
internal sealed class ProbeRules(bool serving, FindingList findings)
{
    private static readonly string[] s_handlers = ["exec", "grpc", "httpGet", "tcpSocket"];

    public void Check(JsonObject container, JsonObject probe, string name, string path)
    {
        var handlers = s_handlers.Where(handler => probe.Has(handler)).ToArray();
        if (handlers.Length == 0)
        {
            findings.NoneOf(path, s_handlers);
        }
        else if (handlers.Length > 1)
        {
            findings.SeveralOf(path, handlers);
        }

        if (probe.Object("exec") is { } exec && exec.List("command") is not { Count: > 0 })
        {
            findings.Missing(FieldPath.Member(path, "exec.command"));
        }

        foreach (var handler in handlers)
        {
            Port(container, probe.Object(handler), $"{path}.{handler}.port");
        }

        Counts(probe, name, path);
    }

    private void Port(JsonObject container, JsonObject? action, string path)
    {
        if (action is null || !action.TryGetPropertyValue("port", out var port) || port is null)
        {
            return;
        }

        if (port.AsWhole() is { } number)
        {
            findings.Range(number, serving ? 0 : 1, 65535, path);
        }
        else if (port.AsText() is { } named && !container.Objects("ports").Any(entry => entry.Item.Text("name") == named))
        {
            findings.Invalid(named, path, "a named probe port must be the name of the container's port");
        }
    }

    private void Counts(JsonObject probe, string name, string path)
    {
        var period = probe.Whole("periodSeconds") ?? 0;
        findings.Range(period, 0, int.MaxValue, FieldPath.Member(path, "periodSeconds"));
        findings.Range(probe.Whole("initialDelaySeconds"), 0, int.MaxValue, FieldPath.Member(path, "initialDelaySeconds"));
        findings.Range(probe.Whole("successThreshold"), 1, int.MaxValue, FieldPath.Member(path, "successThreshold"));
        if (name != "readinessProbe" && probe.Whole("successThreshold") > 1)
        {
            findings.Invalid($"{probe.Whole("successThreshold")}", FieldPath.Member(path, "successThreshold"), "must be 1");
        }

        // A readiness probe without a period tries every few milliseconds until it passes, so counting and waiting do
        // not apply to it.
        if (serving && name == "readinessProbe" && period == 0)
        {
            foreach (var field in new[] { "failureThreshold", "timeoutSeconds" })
            {
                if (probe.Whole(field) is not (null or 0))
                {
                    findings.Forbidden(FieldPath.Member(path, field), "has no meaning when periodSeconds is zero");
                }
            }

            return;
        }

        findings.Range(probe.Whole("failureThreshold"), 1, int.MaxValue, FieldPath.Member(path, "failureThreshold"));
        findings.Range(probe.Whole("timeoutSeconds"), 1, int.MaxValue, FieldPath.Member(path, "timeoutSeconds"));
    }
}
