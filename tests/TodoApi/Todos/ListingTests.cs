using System.Text.Json;
using Slipway.TodoApi.Tests.Scenes;

namespace Slipway.TodoApi.Tests.Todos;

public sealed class ListingTests(TodoScene scene) : IClassFixture<TodoScene>
{
    [Fact]
    public async Task Pages_follow_each_other_both_ways_without_gaps_whatever_the_order()
    {
        var ann = scene.Person();
        for (var number = 0; number < 7; number++)
        {
            await ann.TodoAsync($"todo {number % 3}", number % 2 == 0 ? $$"""
                "due":{"date":"2030-01-0{{number + 1}}"},"priority":"high"
                """ : "");
        }

        foreach (var sort in (string[])["position", "-createdAt", "dueAt", "-dueAt", "priority", "title", "-title", "updatedAt"])
        {
            var whole = await ann.IdsAsync($"?sort={sort}&limit=100");
            Assert.Equal(7, whole.Count);
            var walked = new List<string>();
            string? cursor = null;
            JsonElement page;
            do
            {
                page = Person.Expect(await ann.GetAsync($"/api/v1/todos?sort={sort}&limit=3{(cursor is null ? "" : "&cursor=" + cursor)}"), 200);
                walked.AddRange(page.GetProperty("items").EnumerateArray().Select(JsonReading.Id));
                cursor = page.GetProperty("page").GetProperty("next").GetString();
            }
            while (cursor is not null);
            Assert.Equal(whole, walked);

            var back = page.GetProperty("page").GetProperty("prev").GetString();
            var previous = Person.Expect(await ann.GetAsync($"/api/v1/todos?sort={sort}&limit=3&cursor={back}"), 200);
            Assert.Equal(whole[3..6], previous.GetProperty("items").EnumerateArray().Select(JsonReading.Id));
        }
    }

    [Fact]
    public async Task A_cursor_only_fits_the_list_and_the_person_it_was_made_for()
    {
        var (ann, eve) = (scene.Person(), scene.Person("Eve"));
        await ann.TodoAsync("a");
        await ann.TodoAsync("b");
        var next = Person.Expect(await ann.GetAsync("/api/v1/todos?limit=1"), 200).GetProperty("page").Text("next");

        Assert.Equal(200, (await ann.GetAsync($"/api/v1/todos?limit=1&cursor={next}")).Status);
        (await ann.GetAsync($"/api/v1/todos?limit=1&sort=title&cursor={next}")).Problem(400, "cursorMismatch");
        (await ann.GetAsync($"/api/v1/todos?limit=1&tag=x&cursor={next}")).Problem(400, "cursorMismatch");
        (await eve.GetAsync($"/api/v1/todos?limit=1&cursor={next}")).Problem(400, "cursorMismatch");
    }

    [Fact]
    public async Task Views_show_what_their_name_says_where_the_reader_is()
    {
        var ann = scene.Person();
        var zone = FarFromMidnight();
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), zone).DateTime);
        string Due(int days, bool floating) => $$"""
            "due":{"date":"{{today.AddDays(days):yyyy-MM-dd}}"{{(floating ? "" : ",\"timeZone\":\"" + zone.Id + "\"")}}}
            """;
        await ann.TodoAsync("yesterday", Due(-1, false));
        await ann.TodoAsync("yesterday anywhere", Due(-1, true));
        await ann.TodoAsync("today", Due(0, false));
        await ann.TodoAsync("today anywhere", Due(0, true));
        await ann.TodoAsync("tomorrow", Due(1, false));
        await ann.TodoAsync("tomorrow anywhere", Due(1, true));
        var done = await ann.TodoAsync("done", Due(0, false));
        await ann.PostAsync($"/api/v1/todos/{done.Id()}/complete");
        var list = await ann.ListAsync("Elsewhere");
        await ann.TodoAsync("elsewhere", $"\"listId\":\"{list.Id()}\"");

        async Task<string[]> ViewAsync(string view) => [.. (await ann.TitlesAsync($"?view={view}&timeZone={zone.Id}")).Order(StringComparer.Ordinal)];
        Assert.Equal(["today", "today anywhere"], await ViewAsync("today"));
        Assert.Equal(["yesterday", "yesterday anywhere"], await ViewAsync("overdue"));
        Assert.Equal(["tomorrow", "tomorrow anywhere"], await ViewAsync("upcoming"));
        Assert.Equal(["done"], await ViewAsync("completed"));
        Assert.Equal(7, (await ViewAsync("inbox")).Length);
        Assert.Equal(8, (await ViewAsync("all")).Length);
        Assert.Equal(["today", "today anywhere", "done"], await ann.TitlesAsync($"?due[gte]={today:yyyy-MM-dd}&due[lte]={today:yyyy-MM-dd}"));
    }

    [Fact]
    public async Task Filters_narrow_each_other_and_facets_count_what_else_there_is()
    {
        var ann = scene.Person();
        await ann.TodoAsync("one", "\"tags\":[\"a\",\"b\"],\"category\":\"home\",\"priority\":\"high\"");
        await ann.TodoAsync("two", "\"tags\":[\"b\"],\"category\":\"work\",\"priority\":\"low\"");
        await ann.TodoAsync("three", "\"tags\":[\"c\"],\"category\":\"work\"");

        Assert.Equal(["one", "two"], await ann.TitlesAsync("?tag=b"));
        Assert.Equal(["one", "three"], await ann.TitlesAsync("?tag=a,c"));
        Assert.Equal(["two"], await ann.TitlesAsync("?tag=b&category=work"));
        Assert.Equal(["one", "two"], await ann.TitlesAsync("?priority=high,low"));
        var page = Person.Expect(await ann.GetAsync("/api/v1/todos?tag=b&category=work,garden&facets=tags,category,priority&count=exact"), 200);
        Assert.Equal(1, page.GetProperty("page").GetProperty("total").GetProperty("value").GetInt64());
        var facets = page.GetProperty("facets").EnumerateArray().ToDictionary(
            facet => facet.Text("field"),
            facet => string.Join(' ', facet.GetProperty("values").EnumerateArray().Select(value =>
                $"{value.Text("value")}:{value.GetProperty("count").GetInt32()}{(value.GetProperty("selected").GetBoolean() ? "*" : "")}")));
        Assert.Equal("b:1* c:1", facets["tags"]);
        Assert.Equal("home:1 work:1* garden:0*", facets["category"]);
        Assert.Equal("low:1", facets["priority"]);
        Assert.Equal(["b", "a", "c"], Person.Expect(await ann.GetAsync("/api/v1/tags"), 200).GetProperty("items").EnumerateArray().Select(tag => tag.Text("name")));
    }

    [Theory]
    [InlineData("milk", "Buy milk")]
    [InlineData("buying", "Buy milk")] // the English stem
    [InlineData("Häuser", "Haus streichen")] // the German one
    [InlineData("strei", "Haus streichen")] // not typed to its end
    [InlineData("urgent", "Tagged")]
    [InlineData("needle", "Noted")]
    [InlineData("\"milk buy\"", null)]
    [InlineData("milk -buy", null)]
    [InlineData("';drop table todos;--", null)]
    public async Task Search_finds_words_in_titles_notes_tags_and_categories(string words, string? found)
    {
        var ann = scene.Person();
        await ann.TodoAsync("Buy milk");
        await ann.TodoAsync("Haus streichen");
        await ann.TodoAsync("Tagged", "\"tags\":[\"urgent\"]");
        await ann.TodoAsync("Noted", "\"notes\":\"hay hay needle hay\"");

        Assert.Equal(found is null ? [] : [found], await ann.TitlesAsync("?q=" + Uri.EscapeDataString(words)));
    }

    [Theory]
    [InlineData("view=soon", "view")]
    [InlineData("timeZone=Mars", "timeZone")]
    [InlineData("listId=7", "listId")]
    [InlineData("priority=urgent", "priority")]
    [InlineData("sort=colour", "sort")]
    [InlineData("due[gte]=soon", "due[gte]")]
    [InlineData("facets=title", "facets")]
    [InlineData("count=all", "count")]
    [InlineData("page=2", "page")]
    public async Task A_parameter_that_cannot_be_honoured_is_refused(string query, string parameter)
    {
        var problem = (await scene.Person().GetAsync("/api/v1/todos?" + query)).Problem(422);

        Assert.Contains(problem.GetProperty("errors").EnumerateArray(), error => error.Text("parameter") == parameter);
    }

    /// <summary>A place where it does not become tomorrow while the test runs.</summary>
    private static TimeZoneInfo FarFromMidnight() =>
        new[] { "Pacific/Auckland", "America/Los_Angeles" }.Select(TimeZoneInfo.FindSystemTimeZoneById)
            .First(zone => TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), zone).Hour is >= 2 and < 22);
}
