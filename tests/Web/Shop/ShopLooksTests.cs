using Microsoft.Playwright;
using Slipway.Web.Tests.Browsers;
using Slipway.Web.Tests.Product;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Shop;

/// <summary>The shop by day on a desk and at night on a telephone: no barriers, nothing cut off.</summary>
public sealed class ShopLooksTests(RunningShop shop, Chromium chromium)
{
    private static readonly (string Path, string Name)[] s_places =
    [
        ("/", "catalogue"), ("/?q=lamp&sort=price", "search"), ("/?q=zzzz&inStock=true", "nothing"), ("/products/KETTLE-GN-STEEL", "product"),
        ("/cart", "cart"), ("/checkout", "checkout"), ("/orders", "orders"), ("/account", "account"), ("/nowhere", "nowhere"),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_place_is_free_of_barriers(bool night)
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        var eyes = night ? Profiles.Phone() : Profiles.Desktop();
        eyes.ColorScheme = night ? ColorScheme.Dark : ColorScheme.Light;
        await using var guest = await Person.ComeAsync(shop, chromium, "guest", eyes);
        await guest.GoToShopAsync(shop, "/products/KETTLE-GN-STEEL");
        await guest.Button("Add to cart").ClickAsync();
        await Expect(guest.CartLink(1)).ToBeVisibleAsync();
        await Looks.AreGoodAsync(guest.Page, s_places.Select(place => ($"shop-{place.Name}{(night ? "-night" : "-day")}", (Func<Task>)(async () =>
        {
            await guest.GoToShopAsync(shop, place.Path);
            await Expect(guest.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await Expect(guest.Page.GetByText("Loading…")).ToHaveCountAsync(0);
        }))));
    }

    [Fact]
    public async Task Everything_is_there_in_German_and_fits_the_smallest_screen()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        var eyes = Profiles.Phone();
        eyes.Locale = "de-DE";
        eyes.ViewportSize = new ViewportSize { Width = 320, Height = 640 };
        await using var gast = await Person.ComeAsync(shop, chromium, "gast", eyes);
        foreach (var (path, name) in s_places)
        {
            await gast.GoToShopAsync(shop, path);
            await Expect(gast.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await Expect(gast.Page.GetByText("Wird geladen …")).ToHaveCountAsync(0);
            Assert.Equal("de", await gast.Page.GetAttributeAsync("html", "lang"));
            Assert.DoesNotContain("shop.", await gast.Page.InnerTextAsync("body"), StringComparison.Ordinal);
            await Looks.FitAsync(gast.Page, $"shop-{name}-de");
        }
    }
}
