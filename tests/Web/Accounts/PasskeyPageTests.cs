using Microsoft.Playwright;
using Slipway.Web.Tests.Browsers;
using Slipway.Web.Tests.Product;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Accounts;

/// <summary>Passkeys as people meet them, with a device that the browser pretends.</summary>
public sealed class PasskeyPageTests(RunningProduct product, Chromium chromium)
{
    [Fact]
    public async Task A_passkey_is_made_named_used_and_deleted()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var ada = await Person.ComeAsync(product, chromium, "ada");
        await VirtualDevice.PlugInAsync(ada.Profile, ada.Page);
        await ada.SettleAsync();
        await ada.OpenAccountAsync("/account/passkeys");
        await Expect(ada.Heading("You have no passkeys.")).ToBeVisibleAsync();
        await AddAsync(ada, "Laptop");
        await Expect(ada.Page.GetByText("Laptop", new() { Exact = true })).ToBeVisibleAsync();
        await Looks.AreGoodAsync(ada.Page, [("passkeys", () => Task.CompletedTask)]);
        await ada.Page.SetViewportSizeAsync(390, 844);
        await ada.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Looks.AreGoodAsync(ada.Page, [("passkeys at night", () => Task.CompletedTask)]);
        await ada.Page.SetViewportSizeAsync(1280, 860);

        await ada.Button("Rename the passkey Laptop").ClickAsync();
        var naming = ada.Page.GetByRole(AriaRole.Dialog, new() { Name = "Rename the passkey" });
        await naming.GetByLabel("Name").FillAsync("Old laptop");
        await naming.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(ada.Button("Rename the passkey Old laptop")).ToBeVisibleAsync();

        await ada.SignOutAsync();
        await ada.Button("Sign in with a passkey").ClickAsync();
        await Expect(ada.Heading("Profile")).ToBeVisibleAsync();
        await ada.OpenAccountAsync("/account/passkeys");
        await Expect(ada.Page.GetByText("Last used never")).ToHaveCountAsync(0);
        ada.HasNothingToComplainAbout();

        await ada.Button("Delete the passkey Old laptop").ClickAsync();
        await ada.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(ada.Heading("You have no passkeys.")).ToBeVisibleAsync();
        await ada.SignOutAsync();
        await ada.Button("Sign in with a passkey").ClickAsync();
        await Expect(ada.Page.GetByText("The passkey was not accepted.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_device_that_does_not_feel_its_owner_lets_nobody_in_and_the_page_says_so()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var ada = await Person.ComeAsync(product, chromium, "ada");
        var device = await VirtualDevice.PlugInAsync(ada.Profile, ada.Page);
        await ada.SettleAsync();
        await ada.OpenAccountAsync("/account/passkeys");
        await AddAsync(ada, "Laptop");
        await Expect(ada.Button("Rename the passkey Laptop")).ToBeVisibleAsync();
        await ada.SignOutAsync();

        await device.FeelsItsOwnerAsync(false);
        await ada.Button("Sign in with a passkey").ClickAsync();
        await Expect(ada.Page.GetByText("The device did not confirm it.")).ToBeVisibleAsync();

        await device.FeelsItsOwnerAsync(true);
        await ada.Button("Sign in with a passkey").ClickAsync();
        await Expect(ada.Heading("Profile")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_device_has_one_passkey_for_an_account()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var ada = await Person.ComeAsync(product, chromium, "ada");
        await VirtualDevice.PlugInAsync(ada.Profile, ada.Page);
        await ada.SettleAsync();
        await ada.OpenAccountAsync("/account/passkeys");
        await AddAsync(ada, "Laptop");
        await Expect(ada.Button("Rename the passkey Laptop")).ToBeVisibleAsync();

        await AddAsync(ada, "Laptop again");

        await Expect(ada.Page.GetByText("This device has a passkey for an account here already.")).ToBeVisibleAsync();
    }

    private static async Task AddAsync(Person person, string name)
    {
        await person.Button("Add a passkey").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog, new() { Name = "Add a passkey" });
        await dialog.GetByLabel("Name").FillAsync(name);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
    }
}
