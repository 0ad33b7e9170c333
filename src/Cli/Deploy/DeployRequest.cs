using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;
using Slipway.Model.Serving;

namespace Slipway.Cli.Deploy;

/// <summary>What the command line asks of a deployment; everything it leaves out stays as the service has it.</summary>
internal sealed record DeployRequest
{
    public required string Image { get; init; }

    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<string> Environment { get; init; } = [];

    public IReadOnlyList<string> RemovedEnvironment { get; init; } = [];

    public int? Concurrency { get; init; }

    public int? TimeoutSeconds { get; init; }

    public int? Port { get; init; }

    public bool Http2 { get; init; }

    public string? Cpu { get; init; }

    public string? Memory { get; init; }

    public int? Min { get; init; }

    public int? Max { get; init; }

    public string? Tag { get; init; }

    public bool NoTraffic { get; init; }
}

/// <summary>Turns a request into the Service to write: a new one, or the present one with its template changed. Pure.</summary>
internal static class ServiceDraft
{
    public static JsonObject Make(string name, string @namespace, DeployRequest request, JsonObject? current)
    {
        var service = current?.DeepClone().AsObject() ?? new JsonObject
        {
            ["apiVersion"] = "serving.knative.dev/v1",
            ["kind"] = "Service",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace },
        };
        service.Remove("status");
        var spec = Child(service, "spec");
        var template = Child(spec, "template");
        // A name chosen for an earlier revision must not be asked for again.
        (template["metadata"] as JsonObject)?.Remove("name");
        SetScale(template, request);
        SetContainer(Child(template, "spec"), request);
        SetTraffic(spec, request, current);
        return service;
    }

    private static void SetScale(JsonObject template, DeployRequest request)
    {
        foreach (var (key, value) in new[] { ("min-scale", request.Min), ("max-scale", request.Max) })
        {
            if (value is { } number)
            {
                Child(Child(template, "metadata"), "annotations")[ServingNames.Autoscaling + key] = Text(number);
            }
        }
    }

    private static void SetContainer(JsonObject spec, DeployRequest request)
    {
        if (spec["containers"] is not JsonArray { Count: > 0 } containers)
        {
            containers = [new JsonObject()];
            spec["containers"] = containers;
        }

        var container = containers[0]!.AsObject();
        container["image"] = request.Image;
        if (request.Command.Count > 0)
        {
            container["command"] = new JsonArray([.. request.Command.Select(word => (JsonNode)word)]);
        }

        SetEnvironment(container, request);
        SetNumber(spec, "containerConcurrency", request.Concurrency);
        SetNumber(spec, "timeoutSeconds", request.TimeoutSeconds);
        if (request.Port is { } || request.Http2)
        {
            var port = new JsonObject { ["containerPort"] = request.Port ?? 8080 };
            if (request.Http2)
            {
                port["name"] = "h2c";
            }

            container["ports"] = new JsonArray(port);
        }

        foreach (var (key, value) in new[] { ("cpu", request.Cpu), ("memory", request.Memory) })
        {
            if (value is not null)
            {
                Child(Child(container, "resources"), "limits")[key] = value;
            }
        }
    }

    private static void SetEnvironment(JsonObject container, DeployRequest request)
    {
        var variables = container["env"] as JsonArray ?? [];
        foreach (var name in request.RemovedEnvironment.Concat(request.Environment.Select(NameOf)))
        {
            variables.Where(variable => (string?)variable!["name"] == name).ToList().ForEach(variable => variables.Remove(variable));
        }

        foreach (var assignment in request.Environment)
        {
            variables.Add(new JsonObject { ["name"] = NameOf(assignment), ["value"] = assignment[(NameOf(assignment).Length + 1)..] });
        }

        if (variables.Parent is null && variables.Count > 0)
        {
            container["env"] = variables;
        }
    }

    private static void SetTraffic(JsonObject spec, DeployRequest request, JsonObject? current)
    {
        if (request.NoTraffic)
        {
            var serving = (current?["status"]?["latestReadyRevisionName"]?.GetValue<string>())
                ?? throw new CliFailure("--no-traffic needs a service that serves already; deploy it once without.", ExitCodes.Usage);
            // What follows the latest revision is pinned to what is the latest now.
            var traffic = spec["traffic"] as JsonArray ?? [];
            foreach (var target in traffic.OfType<JsonObject>().Where(target => (bool?)target["latestRevision"] == true && target["tag"] is null))
            {
                target["latestRevision"] = false;
                target["revisionName"] = serving;
            }

            if (traffic.Count == 0)
            {
                traffic.Add(new JsonObject { ["revisionName"] = serving, ["latestRevision"] = false, ["percent"] = 100 });
                spec["traffic"] = traffic;
            }
        }

        if (request.Tag is { } tag)
        {
            var traffic = spec["traffic"] as JsonArray;
            if (traffic is null)
            {
                traffic = [new JsonObject { ["latestRevision"] = true, ["percent"] = 100 }];
                spec["traffic"] = traffic;
            }

            traffic.Where(target => (string?)target!["tag"] == tag).ToList().ForEach(target => traffic.Remove(target));
            traffic.Add(new JsonObject { ["latestRevision"] = true, ["percent"] = 0, ["tag"] = tag });
        }
    }

    private static string NameOf(string assignment)
    {
        var at = assignment.IndexOf('=', StringComparison.Ordinal);
        return at > 0 ? assignment[..at] : throw new CliFailure($"--env \"{assignment}\" is not NAME=VALUE.", ExitCodes.Usage);
    }

    private static void SetNumber(JsonObject spec, string name, int? value)
    {
        if (value is { } number)
        {
            spec[name] = number;
        }
    }

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child)
        {
            child = [];
            parent[name] = child;
        }

        return child;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
