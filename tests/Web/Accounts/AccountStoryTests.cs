using Microsoft.Playwright;
using Slipway.Web.Tests.Browsers;
using Slipway.Web.Tests.Product;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Accounts;

/// <summary>What people do with their account, at the pages of the identity service.</summary>
public sealed class AccountStoryTests(RunningProduct product, Chromium chromium)
{
    [Fact]
    public async Task Somebody_registers_confirms_the_mail_signs_in_and_out()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var ada = await Person.ComeAsync(product, chromium, "ada");
        await ada.SettleAsync();
        await ada.SignOutAsync();

        await ada.OpenAccountAsync("/account/password");
        await Expect(ada.Heading("Sign in")).ToBeVisibleAsync();
        await ada.TypePasswordAsync();
        await Expect(ada.Heading("Password")).ToBeVisibleAsync();
        ada.HasNothingToComplainAbout();
    }

    [Fact]
    public async Task A_second_step_is_asked_for_once_it_is_on_and_a_recovery_code_replaces_the_telephone_once()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var grace = await Person.ComeAsync(product, chromium, "grace");
        await grace.SettleAsync();
        var (phone, codes) = await grace.TurnOnSecondStepAsync();
        Assert.Equal(10, codes.Length);
        await grace.SignOutAsync();

        await grace.SignInAsync();
        await grace.Page.GetByLabel("Code", Person.Exact).FillAsync(phone.Code());
        await grace.Button("Continue").ClickAsync();
        await Expect(grace.Heading("Profile")).ToBeVisibleAsync();
        await grace.SignOutAsync();

        await grace.SignInAsync();
        await grace.Button("Use a recovery code instead").ClickAsync();
        await grace.Page.GetByLabel("Recovery code", Person.Exact).FillAsync(codes[0]);
        await grace.Button("Continue").ClickAsync();
        await Expect(grace.Heading("Profile")).ToBeVisibleAsync();
        await grace.SignOutAsync();

        await grace.SignInAsync();
        await grace.Button("Use a recovery code instead").ClickAsync();
        await grace.Page.GetByLabel("Recovery code", Person.Exact).FillAsync(codes[0]);
        await grace.Button("Continue").ClickAsync();
        await Expect(grace.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "not right" }).First).ToBeVisibleAsync();
    }
}
