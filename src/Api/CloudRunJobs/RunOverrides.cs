using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.Replies;
using Slipway.Model.Failures;

namespace Slipway.Api.CloudRunJobs;

/// <summary>What one run wants differently from its job: tasks, timeout, arguments and variables. Pure.</summary>
internal static class RunOverrides
{
    /// <summary>A copy of the job's spec with the wishes of <c>overrides</c>, or what is wrong with them.</summary>
    public static Outcome<JsonObject> Apply(JsonObject spec, JsonNode? wishes)
    {
        var next = (JsonObject)spec.DeepClone();
        if (wishes is null)
        {
            return next;
        }

        if (wishes is not JsonObject overrides)
        {
            return Failures.BadRequest("overrides: expected an object");
        }

        var execution = next.Made("template").Made("spec");
        var task = execution.Made("template").Made("spec");
        if (overrides["taskCount"] is { } count)
        {
            execution["taskCount"] = count.DeepClone();
            if (execution.Whole("parallelism") > execution.Whole("taskCount"))
            {
                execution["parallelism"] = count.DeepClone();
            }
        }

        if (overrides["timeoutSeconds"] is not null)
        {
            if (overrides.Whole("timeoutSeconds") is not { } seconds)
            {
                return Failures.BadRequest("overrides.timeoutSeconds: expected a whole number of seconds");
            }

            task["timeoutSeconds"] = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (overrides["containerOverrides"] is not (null or JsonArray))
        {
            return Failures.BadRequest("overrides.containerOverrides: expected a list");
        }

        foreach (var wish in overrides.Children("containerOverrides"))
        {
            if (Change(task, wish) is { } failure)
            {
                return failure;
            }
        }

        return next;
    }

    private static Failure? Change(JsonObject task, JsonObject wish)
    {
        var containers = task.Children("containers").ToList();
        var name = wish.Text("name");
        var container = name.Length == 0 ? containers.FirstOrDefault() : containers.Find(known => known.Text("name") == name);
        if (container is null)
        {
            return Failures.BadRequest($"overrides.containerOverrides: the job has no container \"{name}\"; it has {string.Join(", ", containers.Select(known => $"\"{known.Text("name")}\""))}");
        }

        if (wish["args"] is JsonArray { Count: > 0 } arguments)
        {
            container["args"] = arguments.DeepClone();
        }
        else if (wish["clearArgs"] is JsonValue clear && clear.GetValueKind() == JsonValueKind.True)
        {
            container.Remove("args");
        }

        foreach (var variable in wish.Children("env"))
        {
            if (variable.Text("name").Length == 0)
            {
                return Failures.BadRequest("overrides.containerOverrides.env: every variable needs a name");
            }

            var known = container["env"] as JsonArray;
            var variables = known is null ? [] : (JsonArray)known.DeepClone();
            var former = variables.OfType<JsonObject>().FirstOrDefault(one => one.Text("name") == variable.Text("name"));
            if (former is null)
            {
                variables.Add(variable.DeepClone());
            }
            else
            {
                variables[variables.IndexOf(former)] = variable.DeepClone();
            }

            container["env"] = variables;
        }

        return null;
    }
}
