using System.Text.Json;
using Slipway.TodoApi.Tests.Scenes;

namespace Slipway.TodoApi.Tests.Todos;

public sealed class TodoTests(TodoScene scene) : IClassFixture<TodoScene>
{
    private const string Full =
        """
        "notes":"two\nlines","category":"home","priority":"high","tags":["a","b","a"],
        "due":{"date":"2026-03-29","time":"02:30","timeZone":"Europe/Berlin"},"recurrence":"RRULE:FREQ=DAILY","reminders":[{"minutesBefore":10}]
        """;

    [Fact]
    public async Task A_todo_comes_back_as_it_was_written_with_everything_worked_out()
    {
        var ann = scene.Person();

        var answer = await ann.PostAsync("/api/v1/todos", $$"""{"title":"  Milk ",{{Full}}}""");

        var todo = Person.Expect(answer, 201);
        Assert.Equal("/api/v1/todos/" + todo.Id(), answer.Header("Location"));
        Assert.Equal("\"1\"", answer.Header("ETag"));
        Assert.True(Guid.TryParse(answer.Header("Undo"), out _));
        Assert.Equal("Milk", todo.Text("title"));
        Assert.Equal("two\nlines", todo.Text("notes"));
        Assert.Equal("high", todo.Text("priority"));
        Assert.Equal(2, todo.GetProperty("tags").GetArrayLength());
        Assert.Equal("2026-03-29T01:30:00.000Z", todo.Text("dueAt"));
        Assert.Equal("FREQ=DAILY", todo.Text("recurrence"));
        Assert.Equal(JsonValueKind.Null, todo.GetProperty("deletedAt").ValueKind);
        var read = Person.Expect(await ann.GetAsync("/api/v1/todos/" + todo.Id()), 200);
        Assert.Equal(todo.GetRawText(), read.GetRawText());
        Assert.Equal(304, (await ann.GetAsync("/api/v1/todos/" + todo.Id(), ("If-None-Match", "\"1\""))).Status);
    }

    [Fact]
    public async Task All_mistakes_of_a_body_are_told_at_once()
    {
        var answer = await scene.Person().PostAsync(
            "/api/v1/todos",
            """
            {"title":"","priority":"urgent","tags":[""],"due":{"date":"2026-02-30","time":"25:00","timeZone":"Mars/Base"},
             "recurrence":"FREQ=SECONDLY","reminders":[{"minutesBefore":-1}]}
            """);

        var pointers = answer.Problem(422, "invalid").GetProperty("errors").EnumerateArray().Select(error => error.Text("pointer"));
        Assert.Equal(
            ["/due/date", "/due/time", "/due/timeZone", "/priority", "/recurrence", "/reminders/0/minutesBefore", "/tags/0", "/title"],
            pointers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Changing_needs_the_version_that_was_read()
    {
        var ann = scene.Person();
        var todo = await ann.TodoAsync("One");
        var path = "/api/v1/todos/" + todo.Id();

        (await ann.PatchAsync(path, """{"title":"Two"}""")).Problem(428, "versionRequired");
        (await ann.PatchAsync(path, """{"title":"Two"}""", version: 7)).Problem(412, "versionMismatch");
        (await ann.DeleteAsync(path)).Problem(428);
        var patched = Person.Expect(await ann.PatchAsync(path, """{"title":"Two","due":{"date":"2026-01-05"}}""", 1), 200);
        Assert.Equal(2, patched.Version());
        var again = Person.Expect(await ann.PatchAsync(path, """{"due":{"time":"09:00"}}""", 2), 200);
        Assert.Equal("2026-01-05", again.GetProperty("due").Text("date"));
        Assert.Equal("09:00", again.GetProperty("due").Text("time"));
        var replaced = Person.Expect(await ann.PutAsync(path, """{"title":"Three"}""", 3), 200);
        Assert.Equal(JsonValueKind.Null, replaced.GetProperty("due").ValueKind);
        (await ann.PatchAsync(path, """{"colour":"red"}""", 4)).Problem(422);
    }

    [Fact]
    public async Task A_client_may_propose_an_id_but_not_take_one_that_exists()
    {
        var ann = scene.Person();
        var id = Guid.CreateVersion7();

        (await ann.PostAsync("/api/v1/todos", $$"""{"id":"{{id}}","title":"x"}""")).Problem(422);
        Person.Expect(await ann.PostAsync("/api/v1/todos", $$"""{"id":"{{id}}","title":"x"}""", ("If-None-Match", "*")), 201);
        (await scene.Person("Eve").PostAsync("/api/v1/todos", $$"""{"id":"{{id}}","title":"x"}""", ("If-None-Match", "*"))).Problem(412, "exists");
    }

    [Fact]
    public async Task The_same_key_creates_a_todo_once()
    {
        var ann = scene.Person();
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());

        var first = await ann.PostAsync("/api/v1/todos", """{"title":"once"}""", key);
        var second = await ann.PostAsync("/api/v1/todos", """{"title":"once"}""", key);

        Assert.Equal(first.Body, second.Body);
        Assert.Equal("true", second.Header("Idempotency-Replayed"));
        Assert.Equal(["once"], await ann.TitlesAsync());
        (await ann.PostAsync("/api/v1/todos", """{"title":"other"}""", key)).Problem(422);
    }

    [Fact]
    public async Task Completing_a_recurring_todo_brings_the_next_one_with_its_subtasks()
    {
        var ann = scene.Person();
        var tomorrow = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(1);
        var todo = await ann.TodoAsync("Water", $$"""
            "due":{"date":"{{tomorrow:yyyy-MM-dd}}","timeZone":"UTC"},"recurrence":"FREQ=DAILY;COUNT=2"
            """);
        await ann.TodoAsync("roses", $"\"parentId\":\"{todo.Id()}\"");

        var done = Person.Expect(await ann.PostAsync($"/api/v1/todos/{todo.Id()}/complete"), 200);

        Assert.True(done.GetProperty("todo").GetProperty("completed").GetBoolean());
        Assert.Equal(JsonValueKind.Null, done.GetProperty("todo").GetProperty("recurrence").ValueKind);
        var next = done.GetProperty("next");
        Assert.Equal($"{tomorrow.AddDays(1):yyyy-MM-dd}", next.GetProperty("due").Text("date"));
        Assert.Equal("FREQ=DAILY;COUNT=1", next.Text("recurrence"));
        Assert.Equal(1, next.GetProperty("subtasks").GetProperty("total").GetInt32());
        var last = Person.Expect(await ann.PostAsync($"/api/v1/todos/{next.Id()}/complete"), 200);
        Assert.Equal(JsonValueKind.Null, last.GetProperty("next").ValueKind);
        Assert.Equal(200, (await ann.PostAsync($"/api/v1/todos/{next.Id()}/complete")).Status);
        var reopened = Person.Expect(await ann.PostAsync($"/api/v1/todos/{next.Id()}/reopen"), 200);
        Assert.False(reopened.GetProperty("completed").GetBoolean());
    }

    [Fact]
    public async Task The_trash_gives_back_a_todo_with_its_subtasks()
    {
        var ann = scene.Person();
        var parent = await ann.TodoAsync("parent");
        await ann.TodoAsync("child", $"\"parentId\":\"{parent.Id()}\"");
        var path = "/api/v1/todos/" + parent.Id();

        Person.Expect(await ann.DeleteAsync(path, 1), 204);
        Person.Expect(await ann.DeleteAsync(path, 1), 204);

        Assert.Empty(await ann.TitlesAsync());
        Assert.Equal(["parent", "child"], await ann.TitlesAsync("?deleted=only"));
        (await ann.GetAsync(path)).Problem(404);
        var kept = Person.Expect(await ann.GetAsync(path + "?deleted=include"), 200);
        Assert.Equal(TimeSpan.FromDays(30), kept.GetProperty("purgeAt").GetDateTimeOffset() - kept.GetProperty("deletedAt").GetDateTimeOffset());
        (await ann.PatchAsync(path, """{"title":"x"}""", 2)).Problem(409, "inTrash");
        var restored = Person.Expect(await ann.PostAsync(path + "/restore"), 200);
        Assert.Equal(1, restored.GetProperty("subtasks").GetProperty("total").GetInt32());
        Assert.Equal(["parent", "child"], await ann.TitlesAsync());
    }

    [Fact]
    public async Task Emptying_the_trash_is_for_good_and_for_ones_own_todos_only()
    {
        var (ann, eve) = (scene.Person(), scene.Person("Eve"));
        var mine = await ann.TodoAsync("mine");
        var hers = await eve.TodoAsync("hers");
        await ann.DeleteAsync("/api/v1/todos/" + mine.Id(), 1);
        await eve.DeleteAsync("/api/v1/todos/" + hers.Id(), 1);

        Person.Expect(await ann.DeleteAsync("/api/v1/trash"), 204);

        Assert.Empty(await ann.TitlesAsync("?deleted=only"));
        Assert.Equal(["hers"], await eve.TitlesAsync("?deleted=only"));
        (await ann.PostAsync($"/api/v1/todos/{mine.Id()}/restore")).Problem(404);
        (await ann.GetAsync($"/api/v1/todos/{mine.Id()}/history")).Problem(404);
    }

    [Fact]
    public async Task Todos_move_between_their_neighbours_lists_and_parents()
    {
        var ann = scene.Person();
        var todos = new List<JsonElement>();
        foreach (var title in (string[])["a", "b", "c"])
        {
            todos.Add(await ann.TodoAsync(title));
        }

        var list = await ann.ListAsync("Work");
        Person.Expect(await ann.PostAsync($"/api/v1/todos/{todos[2].Id()}/move", $$"""{"beforeId":"{{todos[0].Id()}}"}"""), 200);
        Assert.Equal(["c", "a", "b"], await ann.TitlesAsync());
        Person.Expect(await ann.PostAsync($"/api/v1/todos/{todos[2].Id()}/move", $$"""{"afterId":"{{todos[0].Id()}}","beforeId":"{{todos[1].Id()}}"}"""), 200);
        Assert.Equal(["a", "c", "b"], await ann.TitlesAsync());
        Person.Expect(await ann.PostAsync($"/api/v1/todos/{todos[1].Id()}/move", $$"""{"parentId":"{{todos[0].Id()}}"}"""), 200);
        var moved = Person.Expect(await ann.PostAsync($"/api/v1/todos/{todos[0].Id()}/move", $$"""{"listId":"{{list.Id()}}"}"""), 200);
        Assert.Equal(list.Id(), moved.Text("listId"));
        Assert.Equal(["a", "b"], (await ann.TitlesAsync("?listId=" + list.Id())).Order());
        Person.Expect(await ann.PostAsync($"/api/v1/todos/{todos[1].Id()}/move", """{"parentId":null}"""), 200);
        (await ann.PostAsync($"/api/v1/todos/{todos[1].Id()}/move", $$"""{"beforeId":"{{todos[1].Id()}}"}""")).Problem(422);
        (await ann.PostAsync($"/api/v1/todos/{todos[1].Id()}/move", $$"""{"beforeId":"{{todos[2].Id()}}"}""")).Problem(422);
        (await ann.PostAsync($"/api/v1/todos/{todos[1].Id()}/move", """{"listId":"nowhere"}""")).Problem(422);
    }

    [Fact]
    public async Task A_place_between_neighbours_that_are_too_close_spreads_the_list_out_again()
    {
        var ann = scene.Person();
        var (first, second, third) = (await ann.TodoAsync("first"), await ann.TodoAsync("second"), await ann.TodoAsync("third"));
        await scene.Database.ExecuteAsync($"update todos set position = 'A' where id = '{first.Id()}'");
        await scene.Database.ExecuteAsync($"update todos set position = 'A' || repeat('0', 70) || '1' where id = '{second.Id()}'");

        Person.Expect(await ann.PostAsync($"/api/v1/todos/{third.Id()}/move", $$"""{"afterId":"{{first.Id()}}"}"""), 200);

        Assert.Equal(["first", "third", "second"], await ann.TitlesAsync());
        Assert.InRange(int.Parse(await scene.Database.TextAsync($"select max(length(position)) from todos where user_id = '{ann.Id}'"), null), 1, 8);
    }

    [Fact]
    public async Task History_tells_who_changed_what()
    {
        var ann = scene.Person();
        var todo = await ann.TodoAsync("old");
        await ann.PatchAsync("/api/v1/todos/" + todo.Id(), """{"title":"new"}""", 1);
        await ann.PostAsync($"/api/v1/todos/{todo.Id()}/complete");

        var history = Person.Expect(await ann.GetAsync($"/api/v1/todos/{todo.Id()}/history"), 200).GetProperty("items");

        Assert.Equal(["completed", "updated", "created"], history.EnumerateArray().Select(entry => entry.Text("action")));
        var change = Assert.Single(history[1].GetProperty("changes").EnumerateArray());
        Assert.Equal(("/title", "old", "new"), (change.Text("pointer"), change.Text("before"), change.Text("after")));
        Assert.Equal("Ann", history[0].GetProperty("actor").Text("name"));
    }

    [Fact]
    public async Task A_typed_line_becomes_a_todo()
    {
        var ann = scene.Person();

        var dry = Person.Expect(await ann.PostAsync("/api/v1/todos/quick", """{"text":"Call Bob 2030-01-05 15:00 #family !high","timeZone":"Europe/Berlin","dryRun":true}"""), 200);
        var wet = Person.Expect(await ann.PostAsync("/api/v1/todos/quick", """{"text":"Call Bob 2030-01-05 15:00 #family !high","timeZone":"Europe/Berlin"}"""), 201);

        Assert.Equal("Call Bob", dry.GetProperty("parsed").Text("title"));
        Assert.Equal("2030-01-05T14:00:00.000Z", wet.GetProperty("todo").Text("dueAt"));
        Assert.Equal("high", wet.GetProperty("todo").Text("priority"));
        Assert.Equal("family", wet.GetProperty("todo").GetProperty("tags")[0].GetString());
        Assert.Equal(["Call Bob"], await ann.TitlesAsync());
    }
}
