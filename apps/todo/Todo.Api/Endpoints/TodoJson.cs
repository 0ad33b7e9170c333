using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Todo.Api.Endpoints.Changes;
using Todo.Api.Endpoints.Documented;
using Todo.Api.Endpoints.Lists;
using Todo.Api.Endpoints.Sharing;
using Todo.Api.Endpoints.Todos;
using Todo.Api.Endpoints.Transfer;
using Todo.Api.Todos;
using Todo.Api.Transfer;

namespace Todo.Api.Endpoints;

/// <summary>Everything this service reads and writes as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(TodoBody))]
[JsonSerializable(typeof(TodoPage))]
[JsonSerializable(typeof(TodoDocument))]
[JsonSerializable(typeof(CompletionDocument))]
[JsonSerializable(typeof(HistoryPage))]
[JsonSerializable(typeof(BatchBody))]
[JsonSerializable(typeof(BatchDocument))]
[JsonSerializable(typeof(QuickBody))]
[JsonSerializable(typeof(QuickDocument))]
[JsonSerializable(typeof(NamedCounts))]
[JsonSerializable(typeof(UndoDocument))]
[JsonSerializable(typeof(EventDocument))]
[JsonSerializable(typeof(ListBody))]
[JsonSerializable(typeof(ListDocument))]
[JsonSerializable(typeof(ListPage))]
[JsonSerializable(typeof(MemberPage))]
[JsonSerializable(typeof(MemberDocument))]
[JsonSerializable(typeof(RoleBody))]
[JsonSerializable(typeof(InvitationBody))]
[JsonSerializable(typeof(InvitationDocument))]
[JsonSerializable(typeof(InvitationPage))]
[JsonSerializable(typeof(ImportDocument))]
[JsonSerializable(typeof(PlainTodoBody))]
[JsonSerializable(typeof(PlainTodo))]
[JsonSerializable(typeof(PlainPage))]
[JsonSerializable(typeof(PlainCompletedBody))]
[JsonSerializable(typeof(PlainCategories))]
[JsonSerializable(typeof(MoveBody))]
[JsonSerializable(typeof(ListPatchBody))]
[JsonSerializable(typeof(TransferDocument))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class TodoJson : JsonSerializerContext;
