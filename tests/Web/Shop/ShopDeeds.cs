using Microsoft.Playwright;
using Slipway.Web.Tests.Product;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Shop;

/// <summary>What people do in a shop.</summary>
internal static class ShopDeeds
{
    public static Task GoToShopAsync(this Person person, RunningShop shop, string path = "/") => person.Page.GotoAsync(new Uri(shop.Address, path).ToString());

    public static async Task SearchAsync(this Person person, string words)
    {
        await person.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search products" }).Or(person.Page.GetByRole(AriaRole.Combobox, new() { Name = "Search products" })).FillAsync(words);
        await person.Button("Search").ClickAsync();
    }

    /// <summary>Opens what the list shows under this name, and puts it into the cart.</summary>
    public static async Task TakeAsync(this Person person, string product, int items)
    {
        await person.Page.GetByRole(AriaRole.Link, new() { NameRegex = new(product) }).First.ClickAsync();
        await Expect(person.Heading(product)).ToBeVisibleAsync();
        await person.Button("Add to cart").ClickAsync();
        await Expect(person.CartLink(items)).ToBeVisibleAsync();
    }

    public static ILocator CartLink(this Person person, int items) => person.Page.GetByRole(
        AriaRole.Link, new() { Name = items switch { 0 => "Cart, empty", 1 => "Cart, 1 item", _ => $"Cart, {items} items" }, Exact = true });

    public static async Task FillAddressAsync(this Person person)
    {
        await person.Page.GetByLabel("E-mail", Person.Exact).FillAsync(person.Email);
        await person.Page.GetByLabel("Full name").FillAsync("Ada Harbour");
        await person.Page.GetByLabel("Street and number").FillAsync("Pier 4");
        await person.Page.GetByLabel("Postal code").FillAsync("20457");
        await person.Page.GetByLabel("City").FillAsync("Hamburg");
    }

    public static Task OrderAsync(this Person person) => person.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Order and pay") }).ClickAsync();

    /// <summary>Buys one piece of something as somebody without an account.</summary>
    public static async Task BuyAsync(this Person person, RunningShop shop, string product, string payment)
    {
        await person.GoToShopAsync(shop, $"/?q={Uri.EscapeDataString(product)}");
        await person.TakeAsync(product, 1);
        await person.GoToShopAsync(shop, "/checkout");
        await person.FillAddressAsync();
        await person.Page.GetByLabel("What the bank should answer").SelectOptionAsync(new SelectOptionValue { Label = payment });
        await person.OrderAsync();
    }

    /// <summary>By the shop's own way to the accounts, and back to where one wanted to go. Whoever is signed in there already types nothing.</summary>
    public static async Task SignInToShopAsync(this Person person, RunningShop shop, string path)
    {
        await person.GoToShopAsync(shop, $"/session/sign-in?returnTo={Uri.EscapeDataString(path)}");
        if (new Uri(person.Page.Url).AbsolutePath == "/sign-in")
        {
            await person.TypePasswordAsync();
        }

        await person.Page.WaitForURLAsync(new Uri(shop.Address, path).ToString());
    }
}
