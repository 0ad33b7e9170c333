using Microsoft.Playwright;
using Slipway.Web.Tests.Browsers;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Slipway.Web.Tests.Browsers;

/// <summary>One browser process for the whole assembly, started by the first test that looks at a page.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>How long a page may take over anything on a machine that is busy with other things.</summary>
    private const int LimitMs = 30_000;

    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private readonly SemaphoreSlim _starting = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The installed browser; <c>SLIPWAY_CHROMIUM</c> names another.</summary>
    public static string? Program { get; } = Find();

    public static string? ReasonToSkip =>
        Program is null ? "There is no chromium on this machine, so no page was opened. Install it (Debian: apt-get install chromium) to run these tests." : null;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A person's own profile: cookies, storage and settings are shared with nobody.</summary>
    public async Task<IBrowserContext> ProfileAsync(BrowserNewContextOptions? options = null)
    {
        var context = await (await BrowserAsync()).NewContextAsync(options ?? Profiles.Desktop());
        context.SetDefaultTimeout(LimitMs);
        context.SetDefaultNavigationTimeout(LimitMs);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        _starting.Dispose();
    }

    private async Task<IBrowser> BrowserAsync()
    {
        await _starting.WaitAsync();
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            Assertions.SetDefaultExpectTimeout(LimitMs);
            return _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Program,
                Headless = true,
                Args =
                [
                    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                    "--disable-sync", "--disable-dev-shm-usage",
                ],
            });
        }
        finally
        {
            _starting.Release();
        }
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("SLIPWAY_CHROMIUM") is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : null;
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append("/usr/bin");
        return folders.SelectMany(folder => s_names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}

/// <summary>The ways people look at the pages.</summary>
internal static class Profiles
{
    public static BrowserNewContextOptions Desktop() => new()
    {
        ViewportSize = new ViewportSize { Width = 1280, Height = 860 },
        Locale = "en-GB",
        TimezoneId = "Europe/Berlin",
        ColorScheme = ColorScheme.Light,
        ReducedMotion = ReducedMotion.Reduce,
    };

    public static BrowserNewContextOptions Phone() => new()
    {
        ViewportSize = new ViewportSize { Width = 390, Height = 844 },
        Locale = "en-GB",
        TimezoneId = "Europe/Berlin",
        ColorScheme = ColorScheme.Light,
        ReducedMotion = ReducedMotion.Reduce,
        HasTouch = true,
        IsMobile = true,
        DeviceScaleFactor = 2,
    };
}
