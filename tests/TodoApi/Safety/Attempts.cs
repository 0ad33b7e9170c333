namespace Slipway.TodoApi.Tests.Safety;

/// <summary>What a stranger must get: as if the thing did not exist, or an answer with nothing but the stranger's own.</summary>
internal enum Expected
{
    NotFound,
    OnlyOwn,
}

/// <summary>One endpoint, called by somebody with no right to another person's things, with that person's ids in every place.</summary>
internal sealed record Attempt(string Endpoint, string Path, string? Body, Expected Expected)
{
    public string Method => Endpoint[..Endpoint.IndexOf(' ', StringComparison.Ordinal)];

    public string Type { get; init; } = "application/json";

    /// <summary>All of them. An endpoint that is not here fails a test.</summary>
    public static IReadOnlyList<Attempt> On(Secrets ann) =>
    [
        new("GET /api/v1/todos", $"/api/v1/todos?listId={ann.List}&deleted=include", null, Expected.OnlyOwn),
        new("POST /api/v1/todos", "/api/v1/todos", $$"""{"title":"mine","listId":"{{ann.List}}"}""", Expected.NotFound),
        new("GET /api/v1/todos/{id:guid}", $"/api/v1/todos/{ann.Todo}", null, Expected.NotFound),
        new("PUT /api/v1/todos/{id:guid}", $"/api/v1/todos/{ann.Todo}", """{"title":"taken"}""", Expected.NotFound),
        new("PATCH /api/v1/todos/{id:guid}", $"/api/v1/todos/{ann.Todo}", """{"title":"taken"}""", Expected.NotFound),
        new("DELETE /api/v1/todos/{id:guid}", $"/api/v1/todos/{ann.Todo}", null, Expected.NotFound),
        new("POST /api/v1/todos/{id:guid}/complete", $"/api/v1/todos/{ann.Todo}/complete", null, Expected.NotFound),
        new("POST /api/v1/todos/{id:guid}/reopen", $"/api/v1/todos/{ann.Todo}/reopen", null, Expected.NotFound),
        new("POST /api/v1/todos/{id:guid}/restore", $"/api/v1/todos/{ann.Todo}/restore", null, Expected.NotFound),
        new("POST /api/v1/todos/{id:guid}/move", $"/api/v1/todos/{ann.Todo}/move", $$"""{"listId":"{{ann.StrangersList}}"}""", Expected.NotFound),
        new("GET /api/v1/todos/{id:guid}/history", $"/api/v1/todos/{ann.Todo}/history", null, Expected.NotFound),
        new("POST /api/v1/todos/batch", "/api/v1/todos/batch", BatchOn(ann), Expected.OnlyOwn),
        new("POST /api/v1/todos/quick", "/api/v1/todos/quick", $$"""{"text":"mine","listId":"{{ann.List}}"}""", Expected.NotFound),
        new("GET /api/v1/tags", "/api/v1/tags", null, Expected.OnlyOwn),
        new("GET /api/v1/categories", "/api/v1/categories", null, Expected.OnlyOwn),
        new("DELETE /api/v1/trash", "/api/v1/trash", null, Expected.OnlyOwn),
        new("POST /api/v1/changes/{id:guid}/undo", $"/api/v1/changes/{ann.Change}/undo", null, Expected.NotFound),
        new("GET /api/v1/events", "/api/v1/events", null, Expected.OnlyOwn),
        new("GET /api/v1/lists", "/api/v1/lists?deleted=include", null, Expected.OnlyOwn),
        new("POST /api/v1/lists", "/api/v1/lists", """{"name":"mine"}""", Expected.OnlyOwn),
        new("GET /api/v1/lists/{id:guid}", $"/api/v1/lists/{ann.List}", null, Expected.NotFound),
        new("PATCH /api/v1/lists/{id:guid}", $"/api/v1/lists/{ann.List}", """{"name":"taken"}""", Expected.NotFound),
        new("DELETE /api/v1/lists/{id:guid}", $"/api/v1/lists/{ann.List}", null, Expected.NotFound),
        new("POST /api/v1/lists/{id:guid}/restore", $"/api/v1/lists/{ann.List}/restore", null, Expected.NotFound),
        new("GET /api/v1/lists/{id:guid}/members", $"/api/v1/lists/{ann.List}/members", null, Expected.NotFound),
        new("PATCH /api/v1/lists/{id:guid}/members/{userId:guid}", $"/api/v1/lists/{ann.List}/members/{ann.Member}", """{"role":"editor"}""", Expected.NotFound),
        new("DELETE /api/v1/lists/{id:guid}/members/{userId:guid}", $"/api/v1/lists/{ann.List}/members/{ann.Member}", null, Expected.NotFound),
        new("GET /api/v1/lists/{id:guid}/invitations", $"/api/v1/lists/{ann.List}/invitations", null, Expected.NotFound),
        new("POST /api/v1/lists/{id:guid}/invitations", $"/api/v1/lists/{ann.List}/invitations", """{"email":"eve@example.test"}""", Expected.NotFound),
        new("DELETE /api/v1/lists/{id:guid}/invitations/{invitationId:guid}", $"/api/v1/lists/{ann.List}/invitations/{ann.Invitation}", null, Expected.NotFound),
        new("GET /api/v1/invitations", "/api/v1/invitations", null, Expected.OnlyOwn),
        new("POST /api/v1/invitations/{id:guid}/accept", $"/api/v1/invitations/{ann.Invitation}/accept", null, Expected.NotFound),
        new("POST /api/v1/invitations/{id:guid}/decline", $"/api/v1/invitations/{ann.Invitation}/decline", null, Expected.NotFound),
        new("POST /api/v1/imports", $"/api/v1/imports?listId={ann.List}", "title\r\nmine\r\n", Expected.NotFound) { Type = "text/csv" },
        new("GET /api/v1/exports", $"/api/v1/exports?format=csv&listId={ann.List}", null, Expected.OnlyOwn),
        new("GET /todos", "/todos?pageSize=100", null, Expected.OnlyOwn),
        new("GET /todos/categories", "/todos/categories", null, Expected.OnlyOwn),
        new("GET /todos/{id:guid}", $"/todos/{ann.Todo}", null, Expected.NotFound),
        new("POST /todos", "/todos", """{"title":"mine"}""", Expected.OnlyOwn),
        new("PUT /todos/{id:guid}", $"/todos/{ann.Todo}", """{"title":"taken"}""", Expected.NotFound),
        new("PATCH /todos/{id:guid}/complete", $"/todos/{ann.Todo}/complete", """{"completed":true}""", Expected.NotFound),
        new("DELETE /todos/{id:guid}", $"/todos/{ann.Todo}", null, Expected.NotFound),
    ];

    private static string BatchOn(Secrets ann) =>
        $$"""
        {"operations":[
          {"op":"update","id":"{{ann.Todo}}","body":{"title":"taken"} },{"op":"complete","id":"{{ann.Todo}}"},{"op":"reopen","id":"{{ann.Todo}}"},
          {"op":"delete","id":"{{ann.Todo}}"},{"op":"restore","id":"{{ann.Todo}}"},{"op":"move","id":"{{ann.Todo}}","body":{"listId":"{{ann.StrangersList}}"} },
          {"op":"create","body":{"title":"mine","listId":"{{ann.List}}"} },{"op":"create","body":{"title":"mine","parentId":"{{ann.Todo}}"} } ]}
        """;
}

/// <summary>Things that belong to one person, each marked with a word nobody else would write.</summary>
internal sealed record Secrets(string Todo, string List, Guid Member, string Invitation, string Change, string StrangersList)
{
    public const string Word = "heliotrope";
}
