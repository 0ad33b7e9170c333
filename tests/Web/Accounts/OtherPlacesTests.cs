using Microsoft.Playwright;
using Slipway.Web.Tests.Browsers;
using Slipway.Web.Tests.Product;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Accounts;

/// <summary>Other addresses, other devices and other people's programs.</summary>
public sealed class OtherPlacesTests(RunningProduct product, Chromium chromium)
{
    /// <summary>Nothing answers there; the address the browser ends at is all that matters.</summary>
    private string Callback => $"http://127.0.0.1:{product.Identity.Port}/callback";

    [Fact]
    public async Task Another_address_belongs_to_the_account_once_its_mail_was_opened()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var ada = await Person.ComeAsync(product, chromium, "ada");
        var email = product.NewEmail("countess");
        await ada.SettleAsync();
        await ada.Button("Change the address").ClickAsync();
        var dialog = ada.Page.GetByRole(AriaRole.Dialog, new() { Name = "Change the address" });
        await dialog.GetByLabel("New e-mail").FillAsync(email);
        await dialog.GetByLabel("Password", new() { Exact = true }).FillAsync(Person.Password);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send the link" }).ClickAsync();
        await Expect(ada.Page.GetByText($"We wrote to {email}.")).ToBeVisibleAsync();
        await Looks.KeepAsync(ada.Page, "profile with a new address waiting");

        await ada.Page.GotoAsync((await product.Mails.LinkAsync(email, "/confirm-email")).ToString());
        await Expect(ada.Page.GetByText("The new address belongs to your account.")).ToBeVisibleAsync();
        Assert.DoesNotContain("token", ada.Page.Url, StringComparison.Ordinal);
        await ada.Button("Continue").ClickAsync();
        await Expect(ada.Page.GetByRole(AriaRole.Region, new() { Name = "E-mail address" }).GetByText(email)).ToBeVisibleAsync();

        await ada.SignOutAsync();
        await ada.TypePasswordAsync();
        await Expect(ada.Page.GetByText("E-mail or password is not right.").First).ToBeVisibleAsync();
        await ada.Page.GetByLabel("E-mail", Person.Exact).FillAsync(email);
        await ada.Page.GetByLabel("Password", Person.Exact).FillAsync(Person.Password);
        await ada.Button("Sign in").ClickAsync();
        await Expect(ada.Heading("Profile")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_sign_in_of_another_device_is_ended_from_here_and_ends_there()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var desk = await Person.ComeAsync(product, chromium, "ada");
        await using var telephone = await Person.ComeAsync(product, chromium, "phone", Profiles.Phone());
        await desk.SettleAsync();
        await telephone.OpenAccountAsync("/sign-in");
        await telephone.Page.GetByLabel("E-mail", Person.Exact).FillAsync(desk.Email);
        await telephone.Page.GetByLabel("Password", Person.Exact).FillAsync(Person.Password);
        await telephone.Button("Sign in").ClickAsync();
        await Expect(telephone.Heading("Profile")).ToBeVisibleAsync();

        await desk.OpenAccountAsync("/account/sessions");
        await Expect(desk.Page.GetByText("this device")).ToHaveCountAsync(1);
        var end = desk.Page.GetByRole(AriaRole.Button, new() { Name = "End the sign-in of" });
        await Expect(end).ToHaveCountAsync(1);
        await end.ClickAsync();
        await Expect(desk.Page.GetByText("That device is signed out.").First).ToBeVisibleAsync();
        await Expect(end).ToHaveCountAsync(0);

        await telephone.OpenAccountAsync("/account/privacy");
        await Expect(telephone.Heading("Sign in")).ToBeVisibleAsync();
        await desk.OpenAccountAsync("/account/privacy");
        await Expect(desk.Heading("Privacy")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_program_of_somebody_else_is_allowed_with_open_eyes_and_its_access_taken_back()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var boss = await Person.ComeAsync(product, chromium, "boss");
        await using var ada = await Person.ComeAsync(product, chromium, "ada");
        await boss.SettleAsAdministratorAsync();
        await RegisterPlannerAsync(boss);
        await ada.SettleAsync();

        await AskAsync(ada);
        await Expect(ada.Heading("Planner asks for access")).ToBeVisibleAsync();
        await Expect(ada.Page.GetByText(ada.Email)).ToBeVisibleAsync();
        await Expect(ada.Page.GetByText("Know who you are")).ToBeVisibleAsync();
        await Expect(ada.Page.GetByText("todo.todos:read")).ToBeVisibleAsync();
        await Expect(ada.Page.GetByText($"Then you go back to http://127.0.0.1:{product.Identity.Port}.")).ToBeVisibleAsync();
        await Looks.AreGoodAsync(ada.Page, [("consent", () => Task.CompletedTask)]);
        await ada.Button("Do not allow").ClickAsync();
        await ada.Page.WaitForURLAsync(url => url.StartsWith(Callback, StringComparison.Ordinal) && url.Contains("error=access_denied", StringComparison.Ordinal));

        await AskAsync(ada);
        await ada.Button("Allow").ClickAsync();
        await ada.Page.WaitForURLAsync(url => url.StartsWith(Callback, StringComparison.Ordinal) && url.Contains("code=", StringComparison.Ordinal));
        await AskAsync(ada);
        await ada.Page.WaitForURLAsync(url => url.StartsWith(Callback, StringComparison.Ordinal) && url.Contains("state=again", StringComparison.Ordinal));

        await ada.OpenAccountAsync("/account/privacy");
        await ada.Button("Take back the access of Planner").ClickAsync();
        await Expect(ada.Page.GetByText("No program of somebody else may act for you.")).ToBeVisibleAsync();
        await AskAsync(ada);
        await Expect(ada.Heading("Planner asks for access")).ToBeVisibleAsync();
    }

    private Task AskAsync(Person person) => person.OpenAccountAsync(
        $"/oauth2/authorize?response_type=code&client_id=planner&redirect_uri={Uri.EscapeDataString(Callback)}&scope=openid%20todo.todos%3Aread&state=again&nonce=n1"
        + $"&code_challenge_method=S256&code_challenge={new string('A', 43)}");

    private async Task RegisterPlannerAsync(Person administrator)
    {
        var status = await administrator.Page.EvaluateAsync<int>(
            $$"""
            async () => {
              const session = await (await fetch('/api/v1/session')).json();
              const answer = await fetch('/api/v1/admin/clients', {
                method: 'POST',
                headers: { 'Content-Type': 'application/json', 'X-Csrf-Token': session.csrfToken },
                body: JSON.stringify({
                  id: 'planner', name: 'Planner', confidential: true, redirectUris: ['{{Callback}}'],
                  scopes: ['todo.todos:read'], grants: ['authorization_code'],
                }),
              });
              return answer.status;
            }
            """);
        Assert.Equal(201, status);
    }
}
