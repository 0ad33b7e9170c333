using System.Text.Json;
using Slipway.TodoApi.Tests.Scenes;
using Todo.Api.Changes;
using Todo.Api.Todos;
using Todo.Api.Undoing;

namespace Slipway.TodoApi.Tests.Todos;

public sealed class UndoTests(TodoScene scene) : IClassFixture<TodoScene>
{
    [Fact]
    public async Task Whatever_was_done_to_a_todo_can_be_undone_and_that_too()
    {
        var ann = scene.Person();
        var todo = await ann.TodoAsync("first");
        var path = "/api/v1/todos/" + todo.Id();

        var renamed = await ann.PatchAsync(path, """{"title":"second"}""", 1);
        var back = await UndoAsync(ann, renamed.Header("Undo"));
        Assert.Equal("first", back.GetProperty("todo").Text("title"));
        var deleted = await ann.DeleteAsync(path, back.GetProperty("todo").Version());
        Assert.Empty(await ann.TitlesAsync());
        var undo = await ann.PostAsync($"/api/v1/changes/{deleted.Header("Undo")}/undo");
        Assert.Equal(["first"], await ann.TitlesAsync());
        await UndoAsync(ann, undo.Header("Undo"));
        Assert.Empty(await ann.TitlesAsync());
    }

    [Fact]
    public async Task Undoing_a_completion_takes_the_next_occurrence_away()
    {
        var ann = scene.Person();
        var todo = await ann.TodoAsync("daily", "\"due\":{\"date\":\"2030-01-01\"},\"recurrence\":\"FREQ=DAILY\"");

        var done = await ann.PostAsync($"/api/v1/todos/{todo.Id()}/complete");
        var undone = await UndoAsync(ann, done.Header("Undo"));

        Assert.False(undone.GetProperty("todo").GetProperty("completed").GetBoolean());
        Assert.Equal("FREQ=DAILY", undone.GetProperty("todo").Text("recurrence"));
        Assert.Equal(["daily"], await ann.TitlesAsync());
    }

    [Fact]
    public async Task A_subtask_whose_parent_has_moved_away_comes_back_on_its_own()
    {
        var ann = scene.Person();
        var list = await ann.ListAsync("Elsewhere");
        var parent = await ann.TodoAsync("parent");
        var (one, two) = (await ann.TodoAsync("one", $"\"parentId\":\"{parent.Id()}\""), await ann.TodoAsync("two", $"\"parentId\":\"{parent.Id()}\""));
        var deleted = await ann.DeleteAsync("/api/v1/todos/" + one.Id(), 1);
        await ann.DeleteAsync("/api/v1/todos/" + two.Id(), 1);
        Person.Expect(await ann.PostAsync($"/api/v1/todos/{parent.Id()}/move", $$"""{"listId":"{{list.Id()}}"}"""), 200);

        var undone = await UndoAsync(ann, deleted.Header("Undo"));
        var restored = Person.Expect(await ann.PostAsync($"/api/v1/todos/{two.Id()}/restore"), 200);

        Assert.Equal(JsonValueKind.Null, undone.GetProperty("todo").GetProperty("parentId").ValueKind);
        Assert.Equal(JsonValueKind.Null, restored.GetProperty("parentId").ValueKind);
        Assert.Equal(["one", "two"], await ann.TitlesAsync("?view=inbox"));
    }

    [Fact]
    public async Task What_somebody_changed_since_is_not_undone()
    {
        var ann = scene.Person();
        var todo = await ann.TodoAsync("first");
        var renamed = await ann.PatchAsync("/api/v1/todos/" + todo.Id(), """{"title":"second"}""", 1);
        await ann.PatchAsync("/api/v1/todos/" + todo.Id(), """{"title":"third"}""", 2);

        (await ann.PostAsync($"/api/v1/changes/{renamed.Header("Undo")}/undo")).Problem(409, "changedSince");
    }

    [Fact]
    public async Task Only_ones_own_writes_can_be_undone_and_only_while_one_may_write()
    {
        var (ann, bob) = (scene.Person(), scene.Person("Bob"));
        var list = await ann.ListAsync("Shared");
        await ann.ShareAsync(list.Id(), bob, "editor");
        var todo = await bob.TodoAsync("by bob", $"\"listId\":\"{list.Id()}\"");
        var renamed = await bob.PatchAsync("/api/v1/todos/" + todo.Id(), """{"title":"changed"}""", 1);

        (await ann.PostAsync($"/api/v1/changes/{renamed.Header("Undo")}/undo")).Problem(404);
        Person.Expect(await ann.PatchAsync($"/api/v1/lists/{list.Id()}/members/{bob.Id}", """{"role":"viewer"}"""), 200);
        (await bob.PostAsync($"/api/v1/changes/{renamed.Header("Undo")}/undo")).Problem(403);
    }

    [Fact]
    public async Task A_deleted_list_comes_back_with_everything_in_it()
    {
        var ann = scene.Person();
        var list = await ann.ListAsync("Work");
        await ann.TodoAsync("inside", $"\"listId\":\"{list.Id()}\"");
        var gone = await ann.TodoAsync("gone before", $"\"listId\":\"{list.Id()}\"");
        await ann.DeleteAsync("/api/v1/todos/" + gone.Id(), 1);

        var deleted = await ann.DeleteAsync("/api/v1/lists/" + list.Id(), 1);
        Assert.Equal(204, deleted.Status);
        Assert.Empty(await ann.TitlesAsync());
        (await ann.PostAsync($"/api/v1/todos/{gone.Id()}/restore")).Problem(409, "listDeleted");
        var undone = await UndoAsync(ann, deleted.Header("Undo"));

        Assert.Equal("Work", undone.GetProperty("list").Text("name"));
        Assert.Equal(["inside"], await ann.TitlesAsync());
        Assert.Equal(["gone before"], await ann.TitlesAsync("?deleted=only"));
    }

    [Fact]
    public async Task A_whole_batch_and_a_whole_import_are_undone_at_once()
    {
        var ann = scene.Person();
        var kept = await ann.TodoAsync("kept");
        var batch = await ann.PostAsync(
            "/api/v1/todos/batch",
            $$"""{"operations":[{"op":"create","body":{"title":"new"} },{"op":"update","id":"{{kept.Id()}}","body":{"title":"x"} },{"op":"update","id":"{{kept.Id()}}","body":{"title":"y"} } ]}""");
        Assert.Equal(["y", "new"], await ann.TitlesAsync());

        await UndoAsync(ann, batch.Header("Undo"));
        Assert.Equal(["kept"], await ann.TitlesAsync());

        var import = await ann.PostAsync("/api/v1/imports", "title\r\na\r\nb\r\n", ("Content-Type", "text/csv"));
        Assert.Equal(3, (await ann.TitlesAsync()).Count);
        await UndoAsync(ann, import.Header("Undo"));
        Assert.Equal(["kept"], await ann.TitlesAsync());
    }

    [Fact]
    public void A_plan_goes_back_to_before_the_first_change_and_looks_at_the_version_after_the_last()
    {
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());
        var before = new TodoState { Id = one, Version = 1 };
        RecordedChange[] changes =
        [
            new(ChangeKind.Todo, one, "updated", 2) { HasState = true, TodoBefore = before },
            new(ChangeKind.Todo, one, "completed", 3) { HasState = true, TodoBefore = before with { Version = 2 } },
            new(ChangeKind.Todo, two, "created", 1) { HasState = true },
        ];

        var plan = UndoPlanner.Plan(changes, new Dictionary<Guid, long> { [one] = 3, [two] = 1 }).Value;

        Assert.Equal([new UndoStep.DiscardTodo(two), new UndoStep.PutTodoBack(before)], plan);
        Assert.Equal(UndoPlanner.Overtaken, UndoPlanner.Plan(changes, new Dictionary<Guid, long> { [one] = 3, [two] = 2 }).Problem);
        Assert.Equal(UndoPlanner.Overtaken, UndoPlanner.Plan(changes, new Dictionary<Guid, long> { [one] = 3 }).Problem);
        Assert.Equal(UndoPlanner.NothingToUndo, UndoPlanner.Plan([new(ChangeKind.Member, one, "joined", 0)], new Dictionary<Guid, long>()).Problem);
    }

    private static async Task<JsonElement> UndoAsync(Person person, string? change)
    {
        var undone = Person.Expect(await person.PostAsync($"/api/v1/changes/{change}/undo"), 200);
        Assert.True(undone.GetProperty("undone").GetBoolean());
        return undone;
    }
}
