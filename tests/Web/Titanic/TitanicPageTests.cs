using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Slipway.Web.Tests.Browsers;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Titanic;

/// <summary>The passengers as people look at them in a browser: on a desk by day, on a telephone at night.</summary>
public sealed partial class TitanicPageTests(RunningTitanic titanic, Chromium chromium)
{
    private readonly List<string> _complaints = [];

    [Fact]
    public async Task Somebody_finds_a_passenger_by_a_misspelt_name_and_learns_how_others_like_them_fared()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var profile = await chromium.ProfileAsync(Profiles.Desktop());
        var page = await OpenAsync(profile, "/?sort=name");
        await Expect(page.GetByText("891 passengers").First).ToBeVisibleAsync();
        var name = await page.Locator("tbody th a").First.InnerTextAsync();
        var family = FamilyName().Match(name).Value;

        await page.GetByLabel("Search passengers by name").FillAsync(Misspelt(family));
        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Showing names like").First).ToBeVisibleAsync();
        var found = page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).First;
        await Expect(found).ToBeVisibleAsync();
        await found.ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = name, Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByText(Odds())).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Show them" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(ClassAndSex());
        await page.GoBackAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = name, Exact = true })).ToBeVisibleAsync();
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task Filters_narrow_the_list_to_the_numbers_that_are_known()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var profile = await chromium.ProfileAsync(Profiles.Desktop());
        var page = await OpenAsync(profile, "/");
        await page.GetByLabel("First class", new() { Exact = true }).CheckAsync();
        await Expect(page.GetByText("216 passengers").First).ToBeVisibleAsync();
        await page.GetByLabel("Female", new() { Exact = true }).CheckAsync();
        await Expect(page.GetByText("94 passengers").First).ToBeVisibleAsync();
        await page.GetByLabel("Fate", new() { Exact = true }).SelectOptionAsync("true");
        await Expect(page.GetByText("91 passengers").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Next", Exact = true }).ClickAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(41);
        await page.ReloadAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(41);
        Assert.Empty(_complaints);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_place_is_free_of_barriers(bool night)
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        var eyes = night ? Profiles.Phone() : Profiles.Desktop();
        eyes.ColorScheme = night ? ColorScheme.Dark : ColorScheme.Light;
        await using var profile = await chromium.ProfileAsync(eyes);
        var page = await OpenAsync(profile, "/");
        var places = new (string Path, string Name)[] { ("/", "people"), ("/?q=zzzzzz", "nobody"), ("/passengers/1", "person"), ("/survival", "survival"), ("/nowhere", "nowhere") };
        await Looks.AreGoodAsync(page, places.Select(place => ($"titanic-{place.Name}{(night ? "-night" : "-day")}", (Func<Task>)(async () =>
        {
            await page.GotoAsync(new Uri(await titanic.AddressAsync(), place.Path).ToString());
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await Expect(page.GetByText("Loading…")).ToHaveCountAsync(0);
        }))));
    }

    [Fact]
    public async Task Everything_is_there_in_German_and_fits_the_smallest_screen()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        var eyes = Profiles.Phone();
        eyes.Locale = "de-DE";
        eyes.ViewportSize = new ViewportSize { Width = 320, Height = 640 };
        await using var profile = await chromium.ProfileAsync(eyes);
        var page = await OpenAsync(profile, "/");
        foreach (var (path, name) in new[] { ("/", "people"), ("/passengers/1", "person"), ("/survival", "survival") })
        {
            await page.GotoAsync(new Uri(await titanic.AddressAsync(), path).ToString());
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await Expect(page.GetByText("Wird geladen …")).ToHaveCountAsync(0);
            Assert.DoesNotContain("titanic.", await page.InnerTextAsync("body"), StringComparison.Ordinal);
            await Looks.FitAsync(page, $"titanic-{name}-de");
        }
    }

    private async Task<IPage> OpenAsync(IBrowserContext profile, string path)
    {
        var page = await profile.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
        await page.GotoAsync(new Uri(await titanic.AddressAsync(), path).ToString());
        return page;
    }

    /// <summary>One letter too many in the middle, as fingers do it.</summary>
    private static string Misspelt(string name) => name.Insert(name.Length / 2, name[name.Length / 2].ToString());

    [GeneratedRegex("^[^, ]+")]
    private static partial Regex FamilyName();

    [GeneratedRegex(@"\d+ of \d+ survived")]
    private static partial Regex Odds();

    [GeneratedRegex(@"/\?class=\d&sex=\w+$")]
    private static partial Regex ClassAndSex();
}
