using System.Text.Json;
using Slipway.TodoApi.Tests.Scenes;

namespace Slipway.TodoApi.Tests.Documented;

/// <summary>The plain surface that older clients know.</summary>
public sealed class PlainTests(TodoScene scene) : IClassFixture<TodoScene>
{
    [Fact]
    public async Task A_todo_is_made_read_replaced_completed_and_deleted()
    {
        var ann = scene.Person();

        var created = Person.Expect(await ann.PostAsync("/todos", """{"title":"Milk","description":"2 l","category":"home","priority":"high","dueDate":"2030-01-05"}"""), 201);
        Assert.Equal(
            ["id", "userId", "title", "description", "category", "priority", "completed", "completedAt", "dueDate", "createdAt", "updatedAt"],
            created.EnumerateObject().Select(member => member.Name));
        Assert.Equal(ann.Id, created.GetProperty("userId").GetGuid());
        Assert.Equal("2030-01-05", created.Text("dueDate"));
        var path = "/todos/" + created.Id();
        Assert.Equal(created.GetRawText(), Person.Expect(await ann.GetAsync(path), 200).GetRawText());
        var replaced = Person.Expect(await ann.PutAsync(path, """{"title":"Bread","dueDate":"2030-01-05T09:30:00+01:00"}"""), 200);
        Assert.Equal(("Bread", "2030-01-05T08:30:00Z", ""), (replaced.Text("title"), replaced.Text("dueDate"), replaced.Text("description")));
        var done = Person.Expect(await ann.SendAsync("PATCH", path + "/complete", """{"completed":true}"""), 200);
        Assert.True(done.GetProperty("completed").GetBoolean());
        Assert.NotEqual(JsonValueKind.Null, done.GetProperty("completedAt").ValueKind);
        Assert.False(Person.Expect(await ann.SendAsync("PATCH", path + "/complete", """{"completed":false}"""), 200).GetProperty("completed").GetBoolean());
        (await ann.SendAsync("PATCH", path + "/complete", "{}")).Problem(422);
        Person.Expect(await ann.DeleteAsync(path), 204);
        (await ann.GetAsync(path)).Problem(404);
    }

    [Fact]
    public async Task The_list_has_pages_filters_and_orders()
    {
        var ann = scene.Person();
        for (var number = 1; number <= 5; number++)
        {
            Person.Expect(await ann.PostAsync("/todos", $$"""{"title":"t{{number}}","category":"{{(number % 2 == 0 ? "even" : "odd")}}","dueDate":"2030-01-0{{6 - number}}"}"""), 201);
        }

        async Task<(List<string> Titles, JsonElement Page)> ListAsync(string query)
        {
            var page = Person.Expect(await ann.GetAsync("/todos" + query), 200);
            return ([.. page.GetProperty("items").EnumerateArray().Select(item => item.Text("title"))], page);
        }

        var (titles, page) = await ListAsync("?page=2&pageSize=2");
        Assert.Equal(["t3", "t2"], titles);
        Assert.Equal((2, 2, 5), (page.GetProperty("page").GetInt32(), page.GetProperty("pageSize").GetInt32(), page.GetProperty("total").GetInt32()));
        Assert.Equal(["t4", "t2"], (await ListAsync("?category=even")).Titles);
        Assert.Equal(["t5", "t4", "t3", "t2", "t1"], (await ListAsync("?sort=dueDate")).Titles);
        Assert.Equal(["t5", "t4"], (await ListAsync("?dueBefore=2030-01-03")).Titles);
        Assert.Empty((await ListAsync("?completed=true")).Titles);
        Assert.Equal(
            """[{"name":"odd","count":3},{"name":"even","count":2}]""",
            (await ann.GetAsync("/todos/categories")).Body);
        (await ann.GetAsync("/todos?pageSize=1000")).Problem(422);
        (await ann.GetAsync("/todos?sort=colour")).Problem(422);
    }

    [Fact]
    public async Task Both_surfaces_work_on_the_same_todos_and_what_the_plain_one_cannot_say_stays()
    {
        var ann = scene.Person();
        var todo = await ann.TodoAsync("rich", "\"tags\":[\"a\"],\"due\":{\"date\":\"2030-01-05\",\"time\":\"09:00\",\"timeZone\":\"Europe/Berlin\"},\"recurrence\":\"FREQ=DAILY\"");

        Person.Expect(await ann.PutAsync("/todos/" + todo.Id(), """{"title":"renamed","dueDate":"2030-01-05T08:00:00Z"}"""), 200);

        var read = Person.Expect(await ann.GetAsync("/api/v1/todos/" + todo.Id()), 200);
        Assert.Equal(("renamed", "FREQ=DAILY", "Europe/Berlin"), (read.Text("title"), read.Text("recurrence"), read.GetProperty("due").Text("timeZone")));
        Assert.Equal("a", read.GetProperty("tags")[0].GetString());
    }

    [Fact]
    public async Task The_documented_indexes_are_there()
    {
        var names = await scene.Database.TextAsync("select string_agg(indexname, ' ' order by indexname) from pg_indexes where indexname like 'idx_todos%'");

        Assert.Equal("idx_todos_created_at idx_todos_user_id", names);
    }

    [Fact]
    public async Task A_page_of_ones_own_todos_is_read_along_an_index()
    {
        var ann = scene.Person();
        await ann.PostAsync("/todos", """{"title":"x"}""");
        await scene.Database.ExecuteAsync(
            """
            insert into todos (id, user_id, list_id, created_by, title, notes, priority, tags, reminders, position, completed, created_at, updated_at, version, search)
            select gen_random_uuid(), gen_random_uuid(), list_id, created_by, title, notes, priority, tags, reminders, position, completed, created_at, updated_at, 1, search
            from todos, generate_series(1, 3000)
            """);
        await scene.Database.ExecuteAsync("analyze todos");

        var plan = await scene.Database.TextAsync(
            $"explain (format json) select title from todos t where t.user_id = '{ann.Id}' and t.deleted_at is null order by t.created_at desc, t.id desc limit 20");

        Assert.Contains("todos_user_created", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
    }
}
