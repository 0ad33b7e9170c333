using Microsoft.Playwright;
using Slipway.Web.Tests.Browsers;
using Slipway.Web.Tests.Product;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Todos;

/// <summary>The product's promise as two people live it, through every service and back.</summary>
public sealed class TodoStoryTests(RunningProduct product, Chromium chromium)
{
    [Fact]
    public async Task From_the_first_visit_to_a_list_that_two_people_share()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var ada = await Person.ComeAsync(product, chromium, "ada");
        await using var ben = await Person.ComeAsync(product, chromium, "ben");

        // Ada arrives as a stranger, registers, confirms by mail and is led back to where she came from.
        await ada.Page.GotoAsync(product.Todo.ToString());
        await ada.Link("Create an account").ClickAsync();
        await ada.FillRegistrationAsync();
        await ada.ConfirmAsync();
        await ada.Button("Sign in").ClickAsync();
        await ada.TypePasswordAsync();
        await Expect(ada.Heading("Today")).ToBeVisibleAsync();
        Assert.Equal(product.Todo.Authority, new Uri(ada.Page.Url).Authority);

        // She turns the second step on; from now on her password alone opens nothing.
        var (phone, _) = await ada.TurnOnSecondStepAsync();
        await ada.SignOutAsync();
        await ada.LeaveTodosAsync();
        await ada.Link("Sign in").ClickAsync();
        await ada.TypePasswordAsync();
        await ada.Page.GetByLabel("Code", Person.Exact).FillAsync(phone.Code());
        await ada.Button("Continue").ClickAsync();
        await Expect(ada.Heading("Today")).ToBeVisibleAsync();

        // One line is understood as date, time, tag and priority.
        await ada.Page.GotoAsync(new Uri(product.Todo, "/inbox").ToString());
        await Expect(ada.Heading("Your inbox is empty")).ToBeVisibleAsync();
        await ada.WriteTodoAsync("dentist tomorrow 15:00 #health !high");
        var dentist = ada.Todo("dentist");
        await Expect(dentist).ToContainTextAsync("Tomorrow");
        await Expect(dentist).ToContainTextAsync("15:00");
        await Expect(dentist).ToContainTextAsync("health");
        await Expect(ada.Box("dentist, high priority")).ToBeVisibleAsync();
        await Looks.KeepAsync(ada.Page, "todo inbox");

        // A list is shared with Ben, who hears at once what happens to it; nothing moves under his eyes until he asks.
        await ben.SettleAsync();
        await ben.OpenTodosAsync();
        await ada.MakeListAsync("Household");
        await ada.InviteAsync("Household", ben.Email);
        await ben.Page.GotoAsync(new Uri(product.Todo, "/invitations").ToString());
        await ben.Button("Join the list").ClickAsync();
        await ben.Page.GetByRole(AriaRole.Link, new() { Name = "Household" }).First.ClickAsync();
        await Expect(ben.Heading("Household")).ToBeVisibleAsync();

        await ada.WriteTodoAsync("buy candles");
        await ben.Button("One new todo").ClickAsync();
        await Expect(ben.Todo("buy candles")).ToBeVisibleAsync();
        await ben.Box("buy candles").ClickAsync();
        await Expect(ada.Box("buy candles")).ToBeCheckedAsync();
        await Looks.KeepAsync(ada.Page, "todo list");
        ada.HasNothingToComplainAbout();
        ben.HasNothingToComplainAbout();
    }
}
