using System.Globalization;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Hosting;
using Slipway.TitanicApi.Tests.Safety;
using Slipway.TitanicApi.Tests.Scenes;
using Titanic.Api.Seeding;

namespace Slipway.TitanicApi.Tests.People;

/// <summary>The service with the 891 on its list.</summary>
public sealed class FilledScene(TestPostgres postgres, Identity identity) : TitanicScene(postgres, identity)
{
    protected override async Task PrepareAsync() =>
        Assert.Equal(0, await Service.Services.GetRequiredService<Population>().SeedAsync(CancellationToken.None));
}

public sealed class ListingTests(FilledScene scene) : IClassFixture<FilledScene>
{
    [Theory]
    [InlineData("")]
    [InlineData("sort=-passengerId")]
    [InlineData("sort=name")]
    [InlineData("sort=-age")]
    [InlineData("sort=fare&class=3")]
    [InlineData("sort=class&sex=female")]
    [InlineData("sort=-survived&embarked=Q&embarked=C")]
    [InlineData("sort=createdAt&minAge=20&maxAge=40")]
    public async Task Every_page_after_the_other_shows_everybody_once_and_back_again(string query)
    {
        var whole = new List<int>();
        foreach (var first in (int[])[1, 201, 401, 601, 801])
        {
            whole.AddRange(Numbers((await scene.Nobody().GetAsync($"/people?{query}&page={(first / 200) + 1}&pageSize=200")).Items()));
        }

        var forth = new List<int>();
        string? cursor = null, prev = null;
        do
        {
            var answer = await scene.Nobody().GetAsync($"/api/v1/people?{query}&limit=90{(cursor is null ? "" : "&cursor=" + cursor)}");
            forth.AddRange(Numbers(answer.Items()));
            var page = answer.Json().GetProperty("page");
            (cursor, prev) = (page.GetProperty("next").GetString(), page.GetProperty("prev").GetString());
        }
        while (cursor is not null);

        var back = new List<int>();
        while (prev is not null)
        {
            var answer = await scene.Nobody().GetAsync($"/api/v1/people?{query}&limit=90&cursor={prev}");
            back.InsertRange(0, Numbers(answer.Items()));
            prev = answer.Json().GetProperty("page").GetProperty("prev").GetString();
        }

        Assert.True(whole.Count > 90);
        Assert.Equal(whole, forth);
        Assert.Equal(whole.Count, whole.Distinct().Count());
        Assert.Equal(forth.Take(back.Count), back);
        Assert.Equal((forth.Count - 1) / 90 * 90, back.Count);
    }

    [Fact]
    public async Task Whatever_is_asked_for_the_answer_is_what_the_list_says()
    {
        var everybody = Enumerable.Range(1, PassengerSlots.Count).Select(number => PassengerMaker.Make("titanic", Population.SeedDefault, number, default)).ToList();
        var questions = Properties.Examples(
            from survived in Gen.Elements("", "true", "false")
            from classes in Gen.SubListOf<int>(1, 2, 3)
            from sex in Gen.Elements("", "male", "female", "other")
            from port in Gen.Elements("", "C", "Q", "S")
            from least in Gen.Choose(-1, 60)
            from most in Gen.Choose(-1, 90)
            from fare in Gen.Elements(-1m, 0m, 7.25m, 13m, 80m)
            select (survived, classes: classes.ToList(), sex, port, least, most: most < least ? -1 : most, fare),
            30);
        foreach (var (survived, classes, sex, port, least, most, fare) in questions)
        {
            var query = string.Create(CultureInfo.InvariantCulture, $"count=true&limit=1&survived={survived}&class={string.Join(',', classes)}&sex={sex}&embarked={port}")
                + (least < 0 ? "" : $"&minAge={least}") + (most < 0 ? "" : $"&maxAge={most}") + (fare < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"&maxFare={fare}"));
            var expected = everybody.Count(person => person.Content is var who
                && (survived.Length == 0 || who.Survived == (survived == "true")) && (classes.Count == 0 || classes.Contains(who.Class)) && (sex.Length == 0 || who.Sex == sex)
                && (port.Length == 0 || who.Embarked == port) && (least < 0 || who.Age >= least) && (most < 0 || who.Age <= most) && (fare < 0 || who.Fare <= fare));

            var answer = await scene.Nobody().GetAsync("/people?" + query);

            Assert.True(expected.ToString(CultureInfo.InvariantCulture) == answer.Header("X-Total-Count"), $"{query}: expected {expected}, got {answer.Header("X-Total-Count")}");
        }
    }

    [Fact]
    public async Task Names_are_found_by_words_and_tickets_by_themselves()
    {
        var admin = scene.Admin();
        await admin.AddAsync("Grünwald-Pétrov, Mr. Anselm", ""","ticket":"X 1/2" """);

        Assert.Equal(["Grünwald-Pétrov, Mr. Anselm"], (await admin.GetAsync("/people?name=grunwald+ans")).Names());
        Assert.Equal(["Grünwald-Pétrov, Mr. Anselm"], (await admin.GetAsync("/people?name=PETROV")).Names());
        Assert.Empty((await admin.GetAsync("/people?name=grun+anselm")).Names());
        Assert.Equal(["Grünwald-Pétrov, Mr. Anselm"], (await admin.GetAsync("/people?ticket=X+1/2")).Names());
        await admin.DeleteAsync("/people/892", ("If-Match", "*"));
    }

    [Theory]
    [InlineData("class=4", "class")]
    [InlineData("survived=maybe", "survived")]
    [InlineData("minAge=121", "minAge")]
    [InlineData("minAge=30&maxAge=20", "minAge")]
    [InlineData("sort=ticket", "sort")]
    [InlineData("embarked=X", "embarked")]
    [InlineData("name=...", "name")]
    [InlineData("pageSize=10", "pageSize")]
    [InlineData("page=101&pageSize=100", "page")]
    [InlineData("page=1&limit=5", "page")]
    [InlineData("klass=1", "klass")]
    [InlineData("minFare=-1", "minFare")]
    [InlineData("minFare=1e3", "minFare")]
    public async Task A_filter_that_cannot_be_read_is_named(string query, string parameter) =>
        Assert.Contains(parameter, (await scene.Nobody().GetAsync("/people?" + query)).ErrorsAt());

    [Fact]
    public async Task A_cursor_goes_on_in_its_own_list_only()
    {
        var cursor = (await scene.Nobody().GetAsync("/people?limit=5&class=1")).Json().GetProperty("page").Text("next");

        (await scene.Nobody().GetAsync($"/people?limit=5&class=2&cursor={cursor}")).Problem(400, "cursorMismatch");
        (await scene.Nobody().GetAsync($"/people?limit=5&class=1&sort=name&cursor={cursor}")).Problem(400, "cursorMismatch");
        (await scene.Nobody().GetAsync($"/people?limit=5&class=1&cursor={cursor}x")).Problem(400, "cursorMismatch");
        (await scene.Admin(null, "olympic").GetAsync($"/people?limit=5&class=1&cursor={cursor}", ("X-Tenant", "olympic"))).Problem(400, "cursorMismatch");
    }

    [Fact]
    public async Task The_figures_are_the_published_ones()
    {
        var answer = (await scene.Nobody().GetAsync("/api/v1/people/stats?groupBy=class,sex")).Ok();

        var groups = answer.GetProperty("items").EnumerateArray().Select(item =>
            (item.GetProperty("group").Number("class"), item.GetProperty("group").Text("sex"), item.Number("count"), item.Number("survived"))).ToList();
        Assert.Equal([(1, "female", 94, 91), (1, "male", 122, 45), (2, "female", 76, 70), (2, "male", 108, 17), (3, "female", 144, 72), (3, "male", 347, 47)], groups);
        Assert.Equal((891, 342, 0.3838m), (answer.GetProperty("all").Number("count"), answer.GetProperty("all").Number("survived"), answer.GetProperty("all").GetProperty("survivalRate").GetDecimal()));
        var survived = (await scene.Nobody().GetAsync("/people/stats?groupBy=survived,ageGroup&class=1")).Items();
        Assert.Equal(216, survived.Sum(item => item.Number("count")));
        Assert.Equal(136, survived.Where(item => item.GetProperty("group").GetProperty("survived").GetBoolean()).Sum(item => item.Number("count")));
    }

    [Fact]
    public async Task The_former_name_of_a_parameter_still_works_and_says_that_it_will_go()
    {
        var former = await scene.Nobody().GetAsync("/api/v1/people/stats?group=sex");
        var now = await scene.Nobody().GetAsync("/api/v1/people/stats?groupBy=sex");

        Assert.Equal(now.Body, former.Body);
        Assert.StartsWith("@", former.Header("Deprecation"), StringComparison.Ordinal);
        Assert.NotNull(former.Header("Sunset"));
        Assert.Contains("rel=\"successor-version\"", former.Header("Link"), StringComparison.Ordinal);
        Assert.Null(now.Header("Deprecation"));
    }

    [Fact]
    public async Task Misspelt_names_are_found_and_the_best_come_first()
    {
        var known = PassengerMaker.Make("titanic", Population.SeedDefault, 17, default).Content.Name;
        var family = known[..known.IndexOf(',', StringComparison.Ordinal)];
        var misspelt = family[..2] + family[3..];

        var found = (await scene.Nobody().GetAsync($"/people/search?q={misspelt}&fuzzy=true")).Ok();

        var items = found.GetProperty("items").EnumerateArray().ToList();
        Assert.Contains(items, item => item.Text("name") == known);
        Assert.Equal(items.Select(item => item.GetProperty("score").GetDouble()).OrderDescending(), items.Select(item => item.GetProperty("score").GetDouble()));
        Assert.Contains(known, (await scene.Nobody().GetAsync($"/people/search?q={family}")).Names());
        Assert.Contains(known, (await scene.Nobody().GetAsync($"/people/search?q={known[(family.Length + 2)..].Split('.')[0]}+{family}")).Names());
        Assert.Empty((await scene.Nobody().GetAsync($"/people/search?q={misspelt}x")).Names());
        Assert.Contains("q", (await scene.Nobody().GetAsync("/people/search?q=ab&fuzzy=true")).ErrorsAt());
        Assert.Contains("q", (await scene.Nobody().GetAsync("/people/search")).ErrorsAt());
    }

    private static IEnumerable<int> Numbers(IEnumerable<System.Text.Json.JsonElement> items) => items.Select(item => item.Number("passengerId"));
}
