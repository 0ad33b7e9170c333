using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Slipway.Web.Tests.Browsers;

/// <summary>What must hold wherever one looks.</summary>
internal static class Looks
{
    private static readonly string? s_album = Environment.GetEnvironmentVariable("SLIPWAY_SCREENSHOTS");

    /// <summary>Looks at one page after another; what is wrong is told once, for all of them.</summary>
    public static async Task AreGoodAsync(IPage page, IEnumerable<(string Where, Func<Task> Go)> places)
    {
        var wrong = new List<string>();
        foreach (var (where, go) in places)
        {
            await go();
            await KeepAsync(page, where);
            wrong.AddRange(await BarriersAsync(page, where));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static async Task<IEnumerable<string>> BarriersAsync(IPage page, string where)
    {
        var wider = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        var found = await page.RunAxe();
        return found.Violations
            .Select(violation => $"{where}: {violation.Id}: {violation.Help} at {string.Join(", ", violation.Nodes.Take(3).Select(node => node.Html))}")
            .Concat(wider > 0 ? [$"{where}: the page is {wider} px wider than the screen"] : []);
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
