using Slipway.TodoApi.Tests.Scenes;
using Todo.Api.Live;

namespace Slipway.TodoApi.Tests.Live;

public sealed class LiveTests(TodoScene scene) : IClassFixture<TodoScene>
{
    [Fact]
    public async Task What_one_device_does_another_hears()
    {
        var ann = scene.Person();
        await using var stream = await EventStream.OpenAsync(ann);
        await stream.UntilAsync("ready");

        var todo = await ann.TodoAsync("one");
        var created = await stream.UntilAsync("todo", todo.Id(), "created");
        await ann.PatchAsync("/api/v1/todos/" + todo.Id(), """{"title":"two"}""", 1);
        var updated = await stream.UntilAsync("todo", todo.Id(), "updated");
        var list = await ann.ListAsync("Work");
        await stream.UntilAsync("list", list.Id(), "created");

        Assert.Equal((1, 2), (created.Version(), updated.Version()));
        Assert.Equal(todo.Text("listId"), created.Text("listId"));
    }

    [Fact]
    public async Task Instances_hear_of_each_others_writes()
    {
        await using var other = await scene.StartAsync();
        var ann = scene.Person();
        await using var stream = await EventStream.OpenAsync(ann, client: other.Client);
        await stream.UntilAsync("ready");

        var todo = await ann.TodoAsync("written elsewhere");

        await stream.UntilAsync("todo", todo.Id(), "created");
    }

    [Fact]
    public async Task A_reader_that_comes_back_hears_exactly_what_it_missed()
    {
        var ann = scene.Person();
        string last;
        await using (var stream = await EventStream.OpenAsync(ann))
        {
            await stream.UntilAsync("ready");
            await stream.UntilAsync("todo", (await ann.TodoAsync("heard")).Id());
            last = stream.LastId;
        }

        var missed = await ann.TodoAsync("missed");
        await ann.PostAsync($"/api/v1/todos/{missed.Id()}/complete");

        await using var again = await EventStream.OpenAsync(ann, last);
        var first = (await again.NextAsync())!.Value;
        var second = (await again.NextAsync())!.Value;
        Assert.Equal((missed.Id(), "created"), (first.Data.Id(), first.Data.Text("action")));
        Assert.Equal((missed.Id(), "completed"), (second.Data.Id(), second.Data.Text("action")));
        Assert.Equal("ready", (await again.NextAsync())!.Value.Type);
    }

    [Fact]
    public async Task A_write_that_commits_late_is_not_missed()
    {
        var ann = scene.Person();
        var list = (await ann.TodoAsync("first")).Text("listId");
        await using var stream = await EventStream.OpenAsync(ann);
        await stream.UntilAsync("ready");
        await using var slow = await scene.Database.OpenAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        var late = Guid.CreateVersion7();
        await using (var command = new Npgsql.NpgsqlCommand(
            """
            insert into changes (group_id, number, kind, subject_id, list_id, actor_id, action, version, at) values ($1, 1, 'todo', $1, $2, $3, 'late', 1, now())
            """,
            slow,
            transaction) { Parameters = { new() { Value = late }, new() { Value = Guid.Parse(list) }, new() { Value = ann.Id } } })
        {
            await command.ExecuteNonQueryAsync();
        }

        // Another write begins later and is told first; then the slow one commits.
        await stream.UntilAsync("todo", (await ann.TodoAsync("quick")).Id());
        await transaction.CommitAsync();

        await stream.UntilAsync("todo", late.ToString(), "late");
    }

    [Fact]
    public async Task Members_hear_of_a_shared_list_and_strangers_do_not()
    {
        var (ann, bob, eve) = (scene.Person(), scene.Person("Bob"), scene.Person("Eve"));
        var list = await ann.ListAsync("Shared");
        await ann.ShareAsync(list.Id(), bob, "viewer");
        await using var bobs = await EventStream.OpenAsync(bob);
        await using var eves = await EventStream.OpenAsync(eve);
        await bobs.UntilAsync("ready");
        await eves.UntilAsync("ready");

        var todo = await ann.TodoAsync("ours", $"\"listId\":\"{list.Id()}\"");
        await bobs.UntilAsync("todo", todo.Id());
        Person.Expect(await ann.DeleteAsync($"/api/v1/lists/{list.Id()}/members/{bob.Id}"), 204);
        await bobs.UntilAsync("member", bob.Id.ToString(), "removed");
        await ann.TodoAsync("without bob", $"\"listId\":\"{list.Id()}\"");
        var own = await bob.TodoAsync("bob's");
        var eveOwn = await eve.TodoAsync("eve's");

        // Each hears their own next, and so nothing of the others in between.
        Assert.Equal(own.Id(), (await bobs.NextAsync())!.Value.Data.Id());
        Assert.Equal(eveOwn.Id(), (await eves.NextAsync())!.Value.Data.Id());
    }

    [Fact]
    public async Task A_reminder_comes_when_it_is_due()
    {
        var ann = scene.Person();
        await using var stream = await EventStream.OpenAsync(ann);
        await stream.UntilAsync("ready");
        var todo = await ann.TodoAsync("call", "\"due\":{\"date\":\"2030-01-05\",\"time\":\"09:00\",\"timeZone\":\"UTC\"},\"reminders\":[{\"minutesBefore\":10},{\"minutesBefore\":0}]");
        Assert.Equal("2030-01-05 08:50", await NextReminderAsync(todo.Id()));

        await scene.Database.ExecuteAsync($"update todos set next_reminder_at = now() where id = '{todo.Id()}'");

        Assert.Equal(1, (await stream.UntilAsync("reminder", todo.Id(), "due")).Version());
        Assert.Equal("2030-01-05 08:50", await NextReminderAsync(todo.Id()));
        await ann.PostAsync($"/api/v1/todos/{todo.Id()}/complete");
        Assert.Equal("", await NextReminderAsync(todo.Id()));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("1.5:6:")]
    [InlineData("99999999999.5:6:")]
    public async Task A_position_that_cannot_be_gone_on_from_resets_the_reader(string last)
    {
        await using var stream = await EventStream.OpenAsync(scene.Person(), last);

        Assert.Equal("reset", (await stream.NextAsync())!.Value.Type);
    }

    [Fact]
    public async Task One_person_has_at_most_so_many_streams()
    {
        var ann = scene.Person();
        var streams = new List<EventStream>();
        for (var count = 0; count < ChangeFeed.ReadersOfOneMax; count++)
        {
            streams.Add(await EventStream.OpenAsync(ann));
        }

        (await ann.GetAsync("/api/v1/events")).Problem(429, "tooManyStreams");
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("1767606000.100:200:", true)]
    [InlineData("1767606000.100:200:100,150", true)]
    [InlineData("1767606000.100:200:150,100", false)]
    [InlineData("1767606000.100:200:99", false)]
    [InlineData("1767606000.100:200:200", false)]
    [InlineData("1767606000.200:100:", false)]
    [InlineData("1767606000.0:0:", false)]
    [InlineData("1767606000.100:200:150,", false)]
    [InlineData("1700000000.100:200:", false)] // two years old
    [InlineData("1767606000.99999999999999999999:200:", false)]
    [InlineData("", false)]
    public void A_position_is_checked_before_the_database_sees_it(string text, bool sound) =>
        Assert.Equal(sound, FeedPosition.Read(text, DateTimeOffset.FromUnixTimeSeconds(1767606000)) is not null);

    private Task<string> NextReminderAsync(string todo) =>
        scene.Database.TextAsync($"select to_char(next_reminder_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') from todos where id = '{todo}'");
}
