using Slipway.TodoApi.Tests.Scenes;

namespace Slipway.TodoApi.Tests.Todos;

public sealed class BatchTests(TodoScene scene) : IClassFixture<TodoScene>
{
    [Fact]
    public async Task Each_operation_answers_for_itself()
    {
        var ann = scene.Person();
        var todo = await ann.TodoAsync("one");

        var items = Person.Expect(
            await ann.PostAsync(
                "/api/v1/todos/batch",
                $$"""
                {"operations":[{"op":"create","body":{"title":"two"} },{"op":"create","body":{"title":""} },{"op":"update","id":"{{todo.Id()}}","version":9,"body":{"title":"x"} },
                {"op":"update","id":"{{todo.Id()}}","version":1,"body":{"title":"uno"} },{"op":"complete","id":"{{todo.Id()}}"},{"op":"reopen","id":"{{todo.Id()}}"},
                {"op":"delete","id":"{{todo.Id()}}"},{"op":"restore","id":"{{todo.Id()}}"},{"op":"dance","id":"{{todo.Id()}}"},{"op":"update"},null]}
                """),
            207).GetProperty("items");

        Assert.Equal([201, 422, 412, 200, 200, 200, 200, 200, 422, 422, 422], items.EnumerateArray().Select(item => item.GetProperty("status").GetInt32()));
        Assert.Equal("/title", items[1].GetProperty("problem").GetProperty("errors")[0].Text("pointer"));
        Assert.Equal(["uno", "two"], await ann.TitlesAsync());
    }

    [Fact]
    public async Task An_atomic_batch_does_all_or_nothing()
    {
        var ann = scene.Person();

        var answer = await ann.PostAsync("/api/v1/todos/batch", """{"atomic":true,"operations":[{"op":"create","body":{"title":"one"}},{"op":"create","body":{}},{"op":"create","body":{"title":"three"}}]}""");

        Assert.Equal([424, 422, 424], Person.Expect(answer, 207).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("status").GetInt32()));
        Assert.Null(answer.Header("Undo"));
        Assert.Empty(await ann.TitlesAsync());
    }

    [Fact]
    public async Task Five_hundred_operations_are_taken_and_no_more()
    {
        var ann = scene.Person();
        string Batch(int count) => $$"""{"atomic":true,"operations":[{{string.Join(',', Enumerable.Range(0, count).Select(number => $$"""{"op":"create","body":{"title":"todo {{number}}"} }"""))}}]}""";

        Person.Expect(await ann.PostAsync("/api/v1/todos/batch", Batch(500)), 207);
        (await ann.PostAsync("/api/v1/todos/batch", Batch(501))).Problem(422);
        (await ann.PostAsync("/api/v1/todos/batch", """{"operations":[]}""")).Problem(422);

        var page = Person.Expect(await ann.GetAsync("/api/v1/todos?limit=500&count=exact"), 200).GetProperty("page");
        Assert.Equal(500, page.GetProperty("total").GetProperty("value").GetInt64());
        Assert.Equal(200, page.GetProperty("limit").GetInt32());
    }
}
