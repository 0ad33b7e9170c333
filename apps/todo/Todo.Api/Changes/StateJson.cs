using System.Text.Json.Serialization;
using Todo.Api.Lists;
using Todo.Api.Todos;

namespace Todo.Api.Changes;

/// <summary>States as the table of changes keeps them. Members may be added; what is stored must stay readable.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TodoState))]
[JsonSerializable(typeof(ListState))]
internal sealed partial class StateJson : JsonSerializerContext;
