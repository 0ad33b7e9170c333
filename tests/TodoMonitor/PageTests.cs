using System.Text.RegularExpressions;
using Slipway.Sdk.Hosting;
using Todo.Monitor.History;
using Todo.Monitor.Page;
using Todo.Monitor.Status;

namespace Todo.Monitor.Tests;

public sealed partial class PageTests(TestPostgres postgres)
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 10, 12, 0, 30, TimeSpan.Zero);

    [Fact]
    public async Task Everybody_gets_the_page_in_their_language_without_any_script()
    {
        await using var scene = await Scene.StartAsync(postgres);
        await scene.CheckAsync();

        using var english = await scene.Service.Client.GetAsync("/", Scene.Cancellation);
        var page = await english.Content.ReadAsStringAsync(Scene.Cancellation);

        Assert.Equal("text/html", english.Content.Headers.ContentType?.MediaType);
        Assert.Contains("<html lang=\"en\"", page, StringComparison.Ordinal);
        Assert.Contains("All services work", page, StringComparison.Ordinal);
        var policy = string.Join(' ', english.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; style-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(InlineStyle(), page);

        scene.Service.Client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fr, de-AT;q=0.8, en;q=0.3");
        Assert.Contains("Alle Dienste arbeiten", await scene.Service.Client.GetStringAsync("/", Scene.Cancellation), StringComparison.Ordinal);
        Assert.Contains("All services work", await scene.Service.Client.GetStringAsync("/?lang=en", Scene.Cancellation), StringComparison.Ordinal);

        using var style = await scene.Service.Client.GetAsync(StylePath().Match(page).Groups[1].Value, Scene.Cancellation);
        Assert.Equal(("text/css", 200), (style.Content.Headers.ContentType?.MediaType, (int)style.StatusCode));
    }

    [Fact]
    public async Task Without_its_database_the_page_is_a_problem_and_not_a_lie()
    {
        await using var scene = await Scene.StartAsync(postgres, ("DATABASE_URL", "postgres://nobody:x@127.0.0.1:1/nothing"), ("DB_POOL_ACQUIRE_MS", "300"), ("MIGRATE", "command"));

        using var answer = await scene.Service.Client.GetAsync("/", Scene.Cancellation);

        Assert.Equal(503, (int)answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public void What_was_seen_is_shown_as_text_whatever_it_is()
    {
        var page = Write(new ServicePicture("<img src=x>", "http://x", "down", null, "\"><script>alert(1)</script>", s_now, new(1, 2), new(0, 0)));

        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_bar_has_its_row_in_the_table_and_its_count_in_words()
    {
        var page = Write(
            new("shop", "http://x", "up", 12, null, s_now, new(99, 1), new(99_999, 1)),
            new MinuteRow("shop", s_now.AddSeconds(-30), "up", 12, null),
            new MinuteRow("shop", s_now.AddSeconds(-30).AddMinutes(-1), "down", null, "status 500"),
            new MinuteRow("shop", s_now.AddSeconds(-30).AddMinutes(-2), "idle", null, null));

        Assert.Contains("Of 60 minutes: 1 worked, 1 in trouble, 1 asleep, 57 without data.", page, StringComparison.Ordinal);
        Assert.Equal(60 + 30, Regex.Count(page, "<rect "));
        Assert.Equal(60 + 30, Regex.Count(page, "<tr><th scope=\"row\">"));
        Assert.Contains("<td>status 500</td>", page, StringComparison.Ordinal);
        Assert.Contains("99.99 %", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<dd>100 %</dd>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_probes_say_is_said_in_the_readers_language()
    {
        Assert.Equal("keine Antwort in 1,5 s", PageTexts.German.Error("no answer within 1.5 s"));
        Assert.Equal("die Verbindung brach ab", PageTexts.German.Error("the connection broke"));
        Assert.Equal("status 503", PageTexts.German.Error("status 503"));
        Assert.Equal("the connection broke", PageTexts.English.Error("the connection broke"));
    }

    [Theory]
    [InlineData("up", "All services work")]
    [InlineData("down", "The services have trouble")]
    [InlineData("idle", "All services work")]
    public void The_heading_says_it_first(string status, string words) =>
        Assert.Matches($"<h1[^>]*>.*{words}</h1>", Write(new ServicePicture("shop", "http://x", status, 1, null, s_now, default, default)));

    [Fact]
    public void Both_languages_say_everything()
    {
        foreach (var property in typeof(PageText).GetProperties().Where(property => property.PropertyType == typeof(string)))
        {
            var (english, german) = ((string)property.GetValue(PageTexts.English)!, (string)property.GetValue(PageTexts.German)!);
            Assert.Equal(Regex.Count(english, @"\{\d\}"), Regex.Count(german, @"\{\d\}"));
            Assert.NotEmpty(german);
        }

        Assert.Equal(PageTexts.English.Status.Keys, PageTexts.German.Status.Keys);
        Assert.Equal(PageTexts.English.Overall.Keys, PageTexts.German.Overall.Keys);
    }

    [Theory]
    [InlineData(null, "en")]
    [InlineData("", "en")]
    [InlineData("de", "de")]
    [InlineData("en-GB, de;q=0.9", "en")]
    [InlineData("de;q=0.2, en;q=0.7", "en")]
    [InlineData("fr, it;q=0.5", "en")]
    [InlineData(";;;,,q=q, de;q=x", "en")]
    public void The_language_is_the_best_known_one(string? header, string language) => Assert.Equal(language, PageText.For(null, header).Language);

    private static string Write(ServicePicture service, params MinuteRow[] rows)
    {
        var until = new DateTimeOffset(2026, 3, 10, 12, 1, 0, TimeSpan.Zero);
        return StatusHtml.Write(new(new(s_now, [service], []), rows, [], until), PageTexts.English, "/status.css");
    }

    [GeneratedRegex("style=|<style|\\son[a-z]+=\"")]
    private static partial Regex InlineStyle();

    [GeneratedRegex("href=\"(/status-[0-9a-f]+\\.css)\"")]
    private static partial Regex StylePath();
}
