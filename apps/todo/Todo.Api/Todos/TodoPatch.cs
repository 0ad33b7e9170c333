using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Sdk.Problems;
using Todo.Api.Endpoints;

namespace Todo.Api.Todos;

/// <summary>A merge patch over what a todo holds, judged as if the result had been written in full.</summary>
internal static class TodoPatch
{
    public static IReadOnlySet<string> Members { get; } =
        new HashSet<string> { "title", "notes", "category", "priority", "tags", "due", "recurrence", "reminders" };

    public static Outcome<TodoContent> Apply(TodoContent content, JsonObject patch)
    {
        var whole = JsonSerializer.SerializeToNode(TodoDocuments.Body(content), TodoJson.Default.TodoBody)!.AsObject();
        Merge(whole, patch);
        return Read(whole).Is(out var body, out var problem) ? TodoRules.Check(body) : problem;
    }

    /// <summary>A body that has been JSON already, as in a batch.</summary>
    public static Outcome<TodoBody> Read(JsonObject json)
    {
        try
        {
            return json.Deserialize(TodoJson.Default.TodoBody)!;
        }
        catch (JsonException exception)
        {
            return Problem.Invalid([Mistyped(exception)]);
        }
        catch (InvalidOperationException)
        {
            return Problem.Invalid([new Finding("control", "A text holds half a character.") { Pointer = "" }]);
        }
    }

    public static Finding Mistyped(JsonException exception)
    {
        var pointer = (exception.Path ?? "$").TrimStart('$').Replace('.', '/').Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        return new Finding("mistyped", $"{(pointer.Length is > 1 and <= 100 ? pointer[1..] : "A field")} is not known here or has the wrong kind of value.")
        {
            Pointer = pointer.Length <= 100 ? pointer : "",
        };
    }

    /// <summary>RFC 7396.</summary>
    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                if (target[name] is not JsonObject existing)
                {
                    target[name] = existing = [];
                }

                Merge(existing, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }
}
