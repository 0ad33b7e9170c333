using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Slipway.Web.Tests.Browsers;

/// <summary>What must hold wherever one looks.</summary>
internal static class Looks
{
    private static readonly string? s_album = Environment.GetEnvironmentVariable("SLIPWAY_SCREENSHOTS");

    /// <summary>No barrier that a program can find.</summary>
    public static async Task AreGoodAsync(IPage page, string where)
    {
        await FitAsync(page, where);
        var found = await page.RunAxe();
        Assert.True(
            found.Violations.Length == 0,
            where + ":\n" + string.Join('\n', found.Violations.Select(violation =>
                $"{violation.Id}: {violation.Help} at {string.Join(", ", violation.Nodes.Take(3).Select(node => node.Html))}")));
    }

    /// <summary>Nothing has to be scrolled sideways for.</summary>
    public static async Task FitAsync(IPage page, string where)
    {
        await KeepAsync(page, where);
        var wider = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(wider <= 0, $"{where}: the page is {wider} px wider than the screen");
    }

    /// <summary>With SLIPWAY_SCREENSHOTS naming a folder, what the tests saw is kept there for people to look at.</summary>
    public static async Task KeepAsync(IPage page, string where)
    {
        if (s_album is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, where.Trim('/').Replace('/', '_').Replace(' ', '_') + ".png"), FullPage = true });
        }
    }
}
