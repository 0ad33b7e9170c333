using Microsoft.Playwright;
using Slipway.Web.Tests.Browsers;
using Slipway.Web.Tests.Product;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Accounts;

/// <summary>The less frequent things: a forgotten password, keys for programs, other devices, leaving, and an administrator's work.</summary>
public sealed class AccountChoresTests(RunningProduct product, Chromium chromium)
{
    [Fact]
    public async Task A_forgotten_password_is_chosen_anew_by_mail()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var ada = await Person.ComeAsync(product, chromium, "ada");
        await ada.RegisterAsync();
        await ada.ConfirmAsync();
        await ada.OpenAccountAsync("/forgot");
        await ada.Page.GetByLabel("E-mail", Person.Exact).FillAsync(ada.Email);
        await ada.Button("Send the link").ClickAsync();
        await Expect(ada.Heading("Look into your mail")).ToBeVisibleAsync();

        await ada.Page.GotoAsync((await product.Mails.LinkAsync(ada.Email, "/reset")).ToString());
        await ada.Page.GetByLabel("New password", Person.Exact).FillAsync("eleven silent submarines");
        await ada.Button("Save password").ClickAsync();
        await Expect(ada.Page.GetByText("The new password holds from now on.")).ToBeVisibleAsync();
        Assert.DoesNotContain("token", ada.Page.Url, StringComparison.Ordinal);

        await ada.SignInAsync();
        await Expect(ada.Page.GetByText("E-mail or password is not right.").First).ToBeVisibleAsync();
        await ada.TypePasswordAsync("eleven silent submarines");
        await Expect(ada.Heading("Profile")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_key_is_shown_once_and_making_it_asks_again_who_one_is_when_the_sign_in_is_old()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var ada = await Person.ComeAsync(product, chromium, "ada");
        await ada.SettleAsync();
        await product.Accounts.ExecuteAsync(
            $"update sessions set authenticated_at = now() - interval '10 minutes' where user_id = (select id from users where email = '{ada.Email}')");
        await ada.OpenAccountAsync("/account/api-keys");
        await ada.Button("Create a key").ClickAsync();
        var dialog = ada.Page.GetByRole(AriaRole.Dialog, new() { Name = "Create a key" });
        await dialog.GetByLabel("Name").FillAsync("backup");
        await dialog.GetByLabel("Scopes").FillAsync("todo.todos:read");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create a key" }).ClickAsync();
        var proof = ada.Page.GetByRole(AriaRole.Dialog, new() { Name = "Confirm that it is you" });
        await proof.GetByLabel("Password", new() { Exact = true }).FillAsync(Person.Password);
        await proof.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();

        await Expect(ada.Page.GetByTestId("api-key")).ToContainTextAsync("slp_");
        await ada.Page.ReloadAsync();
        await Expect(ada.Page.GetByRole(AriaRole.Rowheader, new() { Name = "backup" })).ToBeVisibleAsync();
        await Expect(ada.Page.GetByTestId("api-key")).ToHaveCountAsync(0);
        await ada.Button("Delete the key backup").ClickAsync();
        await ada.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(ada.Heading("You have no keys.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_account_can_be_closed_and_kept_after_all()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var ada = await Person.ComeAsync(product, chromium, "ada");
        await ada.SettleAsync();
        await ada.OpenAccountAsync("/account/privacy");
        var download = await ada.Page.RunAndWaitForDownloadAsync(() => ada.Link("Download my data").ClickAsync());
        Assert.Contains(ada.Email, await File.ReadAllTextAsync(await download.PathAsync()), StringComparison.OrdinalIgnoreCase);

        await ada.Button("Delete my account…").ClickAsync();
        var dialog = ada.Page.GetByRole(AriaRole.Dialog, new() { Name = "Delete this account?" });
        await dialog.GetByLabel("Password", new() { Exact = true }).FillAsync(Person.Password);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete my account" }).ClickAsync();
        await Expect(ada.Heading("Your account is closed")).ToBeVisibleAsync();
        await ada.Button("Keep my account").ClickAsync();
        await Expect(ada.Page.GetByText("The account is open again.")).ToBeVisibleAsync();
        await ada.Button("Sign in").ClickAsync();
        await ada.TypePasswordAsync();
        await Expect(ada.Heading("Profile")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_administrator_finds_somebody_and_blocks_them_at_once()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var boss = await Person.ComeAsync(product, chromium, "boss");
        await using var mallory = await Person.ComeAsync(product, chromium, "mallory");
        await mallory.SettleAsync();
        await boss.SettleAsAdministratorAsync();
        await boss.OpenAccountAsync("/admin/users");
        await boss.Page.GetByLabel("Search by name or e-mail").FillAsync(mallory.Email);
        await boss.Link(mallory.Email).ClickAsync();
        await boss.Button("Block").ClickAsync();
        await boss.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Block", Exact = true }).ClickAsync();
        await Expect(boss.Page.GetByText("Blocked", new() { Exact = true })).ToBeVisibleAsync();

        await mallory.OpenAccountAsync("/account/activity");
        await Expect(mallory.Heading("Sign in")).ToBeVisibleAsync();
        await mallory.TypePasswordAsync();
        await Expect(mallory.Page.GetByText("E-mail or password is not right.").First).ToBeVisibleAsync();

        await boss.Button("Unblock").ClickAsync();
        await Expect(boss.Page.GetByText("Active", new() { Exact = true })).ToBeVisibleAsync();
        await mallory.TypePasswordAsync();
        await Expect(mallory.Heading("Activity")).ToBeVisibleAsync();
    }
}
