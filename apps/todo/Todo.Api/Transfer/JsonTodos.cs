using System.Text.Json;
using System.Text.Json.Serialization;

namespace Todo.Api.Transfer;

/// <summary>Todos as <c>{"todos": […]}</c>; rows are judged one by one, so that one bad row does not spoil the file.</summary>
internal static class JsonTodos
{
    public static string Write(IEnumerable<TransferTodo> todos, DateTimeOffset now) =>
        JsonSerializer.Serialize(new TransferDocument { ExportedAt = now, Todos = [.. todos] }, TransferJson.Default.TransferDocument);

    public static TransferFile Read(ReadOnlyMemory<byte> utf8)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException exception)
        {
            return TransferFile.Unreadable($"The file is not JSON (line {exception.LineNumber + 1}).");
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("todos", out var todos)
                || todos.ValueKind != JsonValueKind.Array)
            {
                return TransferFile.Unreadable("The file is an object whose member todos is a list.");
            }

            return todos.GetArrayLength() > TransferFile.RowsMax
                ? TransferFile.Unreadable(TransferFile.TooLong)
                : new TransferFile([.. todos.EnumerateArray().Select((element, index) => Read(element, index + 1))]);
        }
    }

    private static TransferRow Read(JsonElement element, int row)
    {
        try
        {
            return element.Deserialize(TransferJson.Default.TransferTodo) is { Title: not null, Notes: not null, Tags: not null, Reminders: not null } todo
                && !todo.Tags.Contains(null!)
                ? new TransferRow(row, todo, null)
                : new TransferRow(row, null, "A todo is an object; title, notes, tags and reminders may be absent but not null.");
        }
        catch (JsonException exception)
        {
            return new TransferRow(row, null, $"{(exception.Path is { Length: > 2 and < 100 } path ? path[2..] : "The todo")} has the wrong kind of value or is not known.");
        }
    }
}

internal sealed record TransferDocument
{
    public DateTimeOffset ExportedAt { get; set; }

    public List<TransferTodo> Todos { get; set; } = [];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(TransferDocument))]
internal sealed partial class TransferJson : JsonSerializerContext;
