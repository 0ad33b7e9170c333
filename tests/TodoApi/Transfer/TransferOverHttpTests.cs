using Slipway.TodoApi.Tests.Scenes;

namespace Slipway.TodoApi.Tests.Transfer;

public sealed class TransferOverHttpTests(TodoScene scene) : IClassFixture<TodoScene>
{
    [Theory]
    [InlineData("csv", "text/csv")]
    [InlineData("json", "application/json")]
    [InlineData("ics", "text/calendar")]
    public async Task What_one_person_exports_another_can_import(string format, string type)
    {
        var (ann, bob) = (scene.Person(), scene.Person("Bob"));
        var parent = await ann.TodoAsync(
            "=SUM(A1), \"quoted\"\\;",
            "\"notes\":\"line one\\nline two\",\"priority\":\"high\",\"tags\":[\"a;b\",\"c\"],\"category\":\"home\",\"due\":{\"date\":\"2030-06-01\",\"time\":\"09:00\",\"timeZone\":\"Europe/Berlin\"},\"reminders\":[{\"minutesBefore\":30}]");
        await ann.TodoAsync("child 🙂", $"\"parentId\":\"{parent.Id()}\"");
        await ann.PostAsync($"/api/v1/todos/{parent.Id()}/complete");

        var file = await ann.GetAsync("/api/v1/exports?format=" + format);
        Assert.StartsWith(type, file.Header("Content-Type"), StringComparison.Ordinal);
        Assert.StartsWith("attachment", file.Header("Content-Disposition"), StringComparison.Ordinal);
        var report = Person.Expect(await bob.PostAsync("/api/v1/imports", file.Body, ("Content-Type", type)), 200);

        Assert.Equal(2, report.GetProperty("accepted").GetInt32());
        var items = Person.Expect(await bob.GetAsync("/api/v1/todos?sort=title"), 200).GetProperty("items");
        Assert.Equal("=SUM(A1), \"quoted\"\\;", items[0].Text("title"));
        Assert.Equal("line one\nline two", items[0].Text("notes"));
        Assert.Equal(["a;b", "c"], items[0].GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal("2030-06-01T07:00:00.000Z", items[0].Text("dueAt"));
        Assert.Equal(30, items[0].GetProperty("reminders")[0].GetProperty("minutesBefore").GetInt32());
        Assert.True(items[0].GetProperty("completed").GetBoolean());
        Assert.Equal(items[0].Id(), items[1].Text("parentId"));
    }

    [Fact]
    public async Task Rows_that_are_no_todos_are_reported_and_the_others_taken()
    {
        var ann = scene.Person();

        var report = Person.Expect(await ann.PostAsync("/api/v1/imports", "title,priority,dueDate\ngood,low,2030-01-01\n,low,\nbad,urgent,someday\n", ("Content-Type", "text/csv")), 200);

        Assert.Equal(1, report.GetProperty("accepted").GetInt32());
        var rejected = report.GetProperty("rejected").EnumerateArray().ToList();
        Assert.Equal([2, 3], rejected.Select(row => row.GetProperty("row").GetInt32()));
        Assert.Equal(["/due/date", "/priority"], rejected[1].GetProperty("errors").EnumerateArray().Select(error => error.Text("pointer")).Order(StringComparer.Ordinal));
        Assert.Equal(["good"], await ann.TitlesAsync());
    }

    [Fact]
    public async Task Two_thousand_todos_are_imported_in_order_at_once()
    {
        var ann = scene.Person();
        var list = await ann.ListAsync("Big");
        var csv = "title\r\n" + string.Concat(Enumerable.Range(0, 2000).Select(number => $"todo {number:0000}\r\n"));

        var report = Person.Expect(await ann.PostAsync("/api/v1/imports?listId=" + list.Id(), csv, ("Content-Type", "text/csv"), ("Idempotency-Key", "import-of-the-big-list")), 200);
        Person.Expect(await ann.PostAsync("/api/v1/imports?listId=" + list.Id(), csv, ("Content-Type", "text/csv"), ("Idempotency-Key", "import-of-the-big-list")), 200);

        Assert.Equal(2000, report.GetProperty("accepted").GetInt32());
        Assert.Equal("2000", await scene.Database.TextAsync($"select count(*) from todos where list_id = '{list.Id()}'"));
        Assert.Equal(["todo 0000", "todo 0001"], await ann.TitlesAsync($"?listId={list.Id()}&limit=2"));
        (await ann.PostAsync("/api/v1/imports", csv + "one more\r\n", ("Content-Type", "text/csv"))).Problem(400, "unreadableFile");
    }

    [Fact]
    public async Task A_file_that_is_none_is_refused_with_a_reason()
    {
        var ann = scene.Person();

        (await ann.PostAsync("/api/v1/imports", "<todos/>", ("Content-Type", "application/xml"))).Problem(415);
        (await ann.PostAsync("/api/v1/imports", "{", ("Content-Type", "application/json"))).Problem(400, "unreadableFile");
        (await ann.PostAsync("/api/v1/imports", "BEGIN:VCALENDAR", ("Content-Type", "text/calendar"))).Problem(400, "unreadableFile");
        (await ann.GetAsync("/api/v1/exports?format=pdf")).Problem(422);
    }
}
