using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Todo.Api.Todos;

internal static class JsonText
{
    /// <summary>False for anything that is not a text, and for texts with half a character, which nothing could store.</summary>
    public static bool TryRead(JsonNode node, [NotNullWhen(true)] out string? text)
    {
        text = null;
        try
        {
            text = node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }

        return text is not null;
    }
}
