using Microsoft.Playwright;
using Slipway.Web.Tests.Browsers;
using Slipway.Web.Tests.Product;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Accounts;

/// <summary>Every page of the account, by day on a desk and at night on a telephone: no barriers, nothing cut off.</summary>
public sealed class AccountLooksTests(RunningProduct product, Chromium chromium)
{
    private static readonly (string Path, string Heading)[] s_doors =
    [
        ("/sign-in", "Sign in"), ("/register", "Create an account"), ("/verify", "Your e-mail address"), ("/confirm-email", "Your new e-mail address"), ("/forgot", "Forgot your password?"),
        ("/reset?token=unknown", "Choose a new password"), ("/keep", "Keep the account"), ("/nowhere", "There is no such page"),
    ];

    private static readonly (string Path, string Heading)[] s_rooms =
    [
        ("/account", "Profile"), ("/account/password", "Password"), ("/account/passkeys", "Passkeys"), ("/account/two-factor", "Second step"), ("/account/sessions", "Devices"),
        ("/account/api-keys", "API keys"), ("/account/privacy", "Privacy"), ("/account/activity", "Activity"),
        ("/admin/users", "Accounts"), ("/admin/audit", "Audit trail"),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_before_signing_in_are_free_of_barriers(bool night)
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var guest = await Person.ComeAsync(product, chromium, "guest", Eyes(night));
        await Looks.AreGoodAsync(guest.Page, Tour(guest, s_doors, night));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_of_an_administrator_are_free_of_barriers(bool night)
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var boss = await Person.ComeAsync(product, chromium, "boss", Eyes(night));
        await boss.SettleAsAdministratorAsync();
        await Looks.AreGoodAsync(boss.Page, Tour(boss, s_rooms, night));
        boss.HasNothingToComplainAbout();
    }

    [Fact]
    public async Task Everything_is_there_in_German_too()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        var eyes = Profiles.Phone();
        eyes.Locale = "de-DE";
        await using var guest = await Person.ComeAsync(product, chromium, "gast", eyes);
        foreach (var (path, _) in s_doors)
        {
            await guest.OpenAccountAsync(path);
            await Expect(guest.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            Assert.Equal("de", await guest.Page.GetAttributeAsync("html", "lang"));
            Assert.DoesNotContain("account.", await guest.Page.InnerTextAsync("body"), StringComparison.Ordinal);
            await Looks.FitAsync(guest.Page, Name(path, night: false) + "-de");
        }
    }

    private static IEnumerable<(string Where, Func<Task> Go)> Tour(Person person, IEnumerable<(string Path, string Heading)> pages, bool night) =>
        pages.Select(page => (Name(page.Path, night), (Func<Task>)(async () =>
        {
            await person.OpenAccountAsync(page.Path);
            await Expect(person.Heading(page.Heading)).ToBeVisibleAsync();
            await Expect(person.Page.GetByText("Loading…")).ToHaveCountAsync(0);
        })));

    private static BrowserNewContextOptions Eyes(bool night)
    {
        var eyes = night ? Profiles.Phone() : Profiles.Desktop();
        eyes.ColorScheme = night ? ColorScheme.Dark : ColorScheme.Light;
        return eyes;
    }

    private static string Name(string path, bool night) => path.Split('?')[0] + (night ? "-night" : "-day");
}
