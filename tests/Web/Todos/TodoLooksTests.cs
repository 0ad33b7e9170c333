using Microsoft.Playwright;
using Slipway.Web.Tests.Browsers;
using Slipway.Web.Tests.Product;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Todos;

/// <summary>The Todo page by day on a desk and at night on a telephone: no barriers, nothing cut off.</summary>
public sealed class TodoLooksTests(RunningProduct product, Chromium chromium)
{
    private static readonly string[] s_places = ["/today", "/inbox", "/upcoming", "/completed", "/trash", "/insights", "/settings", "/invitations"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_place_is_free_of_barriers(bool night)
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        var eyes = night ? Profiles.Phone() : Profiles.Desktop();
        eyes.ColorScheme = night ? ColorScheme.Dark : ColorScheme.Light;
        await using var ada = await Person.ComeAsync(product, chromium, "ada", eyes);
        await Looks.AreGoodAsync(ada.Page, [(Name("/welcome", night), async () =>
        {
            await ada.Page.GotoAsync(product.Todo.ToString());
            await Expect(ada.Link("Sign in")).ToBeVisibleAsync();
        })]);
        await ada.SettleAsync();
        await ada.OpenTodosAsync();
        await ada.Page.GotoAsync(new Uri(product.Todo, "/inbox").ToString());
        foreach (var line in new[] { "dentist tomorrow 15:00 #health !high", "water the plants every monday #home", new string('w', 300) })
        {
            await ada.WriteTodoAsync(line);
            await Expect(ada.Page.GetByLabel("New todo", Person.Exact)).ToHaveValueAsync("");
        }

        await Expect(ada.Todo("dentist")).ToBeVisibleAsync();
        await Looks.AreGoodAsync(ada.Page, s_places.Select(place => (Name(place, night), (Func<Task>)(async () =>
        {
            await ada.Page.GotoAsync(new Uri(product.Todo, place).ToString());
            await Expect(ada.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await Expect(ada.Page.GetByText("Loading…")).ToHaveCountAsync(0);
        }))));
        ada.HasNothingToComplainAbout();
    }

    private static string Name(string place, bool night) => "todo-" + place.Trim('/') + (night ? "-night" : "-day");
}
