using Microsoft.Playwright;
using Slipway.Web.Tests.Browsers;
using Slipway.Web.Tests.Product;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Shop;

/// <summary>The shop's promise as people live it, through every service and back.</summary>
public sealed class ShopStoryTests(RunningShop shop, Chromium chromium)
{
    [Fact]
    public async Task A_guest_finds_a_product_despite_a_typo_buys_it_and_returns_a_piece()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var ada = await Person.ComeAsync(shop, chromium, "ada");
        await ada.GoToShopAsync(shop);
        await ada.SearchAsync("expresso cup");
        await Expect(ada.Page.GetByText("Showing results for")).ToBeVisibleAsync();
        await ada.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("Espresso Cup") }).First.ClickAsync();
        await Expect(ada.Heading("Espresso Cup")).ToBeVisibleAsync();
        await ada.Button("One Espresso Cup more").ClickAsync();
        await ada.Button("Add to cart").ClickAsync();
        await Expect(ada.CartLink(2)).ToBeVisibleAsync();
        await Looks.KeepAsync(ada.Page, "shop product");
        await ada.CartLink(2).ClickAsync();
        await Expect(ada.Page.GetByText("and shipping is free.")).ToBeVisibleAsync();
        await Looks.KeepAsync(ada.Page, "shop cart");
        await ada.Page.GetByRole(AriaRole.Link, new() { Name = "To checkout" }).ClickAsync();
        await ada.FillAddressAsync();
        await Looks.KeepAsync(ada.Page, "shop checkout");
        await ada.OrderAsync();

        // Nobody reloads: stock, bank and books answer one after the other, and the page follows.
        await Expect(ada.Heading("Thank you for your order")).ToBeVisibleAsync();
        await Expect(ada.Page.GetByText("Paid and confirmed. We are packing it now.")).ToBeVisibleAsync();
        await Expect(ada.CartLink(0)).ToBeVisibleAsync();
        await Looks.KeepAsync(ada.Page, "shop confirmed");

        // One of two cups goes back, and its price alone.
        await ada.Button("Return something").ClickAsync();
        await ada.Page.Locator("dialog select").First.SelectOptionAsync("1");
        await Expect(ada.Page.GetByText("You get back €9.90.")).ToBeVisibleAsync();
        await ada.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Return", Exact = true }).ClickAsync();
        await Expect(ada.Page.GetByText("one piece sent back")).ToBeVisibleAsync();
        await Expect(ada.Page.Locator(".totals-refund")).ToContainTextAsync("€9.90");
        await Looks.KeepAsync(ada.Page, "shop refunded");
        ada.HasNothingToComplainAbout();
        Assert.Empty(shop.Refusals);
    }

    [Fact]
    public async Task A_declined_payment_is_told_to_the_buyer_and_drawn_for_the_administrator()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var ben = await Person.ComeAsync(shop, chromium, "ben");
        await ben.BuyAsync(shop, "Watering Can", "Card is declined");
        await Expect(ben.Page.GetByText("Your bank declined the payment.")).ToBeVisibleAsync();
        await Expect(ben.Page.GetByText("The order was cancelled")).ToBeVisibleAsync();
        await Looks.KeepAsync(ben.Page, "shop declined");
        var order = new Uri(ben.Page.Url).AbsolutePath.Split('/')[^1];

        await using var boss = await Person.ComeAsync(shop, chromium, "boss");
        await boss.SettleAsAdministratorAsync();
        await boss.SignInToShopAsync(shop, $"/admin/orders/{order}");
        await Expect(boss.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("Reserve stock: undone") })).ToBeVisibleAsync();
        await Expect(boss.Page.GetByRole(AriaRole.Rowheader, new() { Name = "Authorise money" })).ToBeVisibleAsync();
        await Looks.KeepAsync(boss.Page, "shop saga");
        boss.HasNothingToComplainAbout();
    }

    [Fact]
    public async Task Whoever_signs_in_takes_their_cart_along()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var cleo = await Person.ComeAsync(shop, chromium, "cleo");
        await cleo.RegisterAsync();
        await cleo.ConfirmAsync();
        await cleo.GoToShopAsync(shop, "/?q=Plush%20Bear");
        await cleo.TakeAsync("Plush Bear", 1);
        await cleo.Button("Account").ClickAsync();
        await cleo.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Sign in" }).ClickAsync();
        await cleo.TypePasswordAsync();
        await Expect(cleo.Heading("Plush Bear")).ToBeVisibleAsync();
        await Expect(cleo.CartLink(1)).ToBeVisibleAsync();

        // The cart is the account's now: another tab has it too, and both see what happens to it.
        var other = await cleo.Profile.NewPageAsync();
        await other.GotoAsync(new Uri(shop.Address, "/cart").ToString());
        await other.GetByRole(AriaRole.Button, new() { Name = "Remove Plush Bear" }).ClickAsync();
        await Expect(cleo.CartLink(0)).ToBeVisibleAsync();
        cleo.HasNothingToComplainAbout();
    }

    [Fact]
    public async Task A_vendors_new_price_and_stock_show_on_the_open_page_of_a_buyer()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var dora = await Person.ComeAsync(shop, chromium, "dora");
        await dora.RegisterAsync();
        await dora.ConfirmAsync();
        await shop.MakeVendorAsync(dora.Email);
        await dora.SignInToShopAsync(shop, "/vendor/new");
        await dora.Page.GetByLabel("Name", Person.Exact).FillAsync("Rope Doormat");
        await dora.Page.GetByLabel("SKU").FillAsync("MAT-ROPE-01");
        await dora.Page.GetByLabel("Category").SelectOptionAsync("textiles");
        await dora.Page.GetByLabel("Price in euros").FillAsync("39,50");
        await dora.Button("Create product").ClickAsync();
        await Expect(dora.Heading("Stock of MAT-ROPE-01")).ToBeVisibleAsync();

        await using var eli = await Person.ComeAsync(shop, chromium, "eli");
        await eli.GoToShopAsync(shop, "/products/MAT-ROPE-01");
        await Expect(eli.Page.GetByText("€39.50")).ToBeVisibleAsync();
        await dora.Page.GetByLabel("Price in euros").FillAsync("34,00");
        await dora.Button("Set the price").ClickAsync();
        await Expect(eli.Page.Locator(".product-price")).ToContainTextAsync("€34.00");

        await dora.Page.GetByLabel("Change", Person.Exact).FillAsync("12");
        await dora.Page.GetByLabel("Reason", Person.Exact).FillAsync("first delivery");
        await dora.Button("Book stock").ClickAsync();
        await Expect(eli.Page.GetByText("In stock, sent tomorrow")).ToBeVisibleAsync();
        await Looks.KeepAsync(dora.Page, "shop vendor");
        // A product that was just made is known to the warehouse a moment later.
        dora.HasNothingToComplainAbout(but: "/my/inventory/inventory/MAT-ROPE-01");
    }
}
