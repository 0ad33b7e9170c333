using Slipway.Web.Tests.Browsers;
using Slipway.Web.Tests.Product;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Todos;

/// <summary>Somebody who has only a keyboard, from the front door to a finished todo.</summary>
public sealed class KeyboardTests(RunningProduct product, Chromium chromium)
{
    private const int StopsMax = 60;

    [Fact]
    public async Task A_person_with_only_a_keyboard_registers_signs_in_writes_and_finishes_a_todo()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var kim = await Person.ComeAsync(product, chromium, "kim");
        var keys = kim.Page.Keyboard;
        await kim.Page.GotoAsync(product.Todo.ToString());
        await Expect(kim.Link("Create an account")).ToBeVisibleAsync();
        await TabToAsync(kim, "Create an account");
        await keys.PressAsync("Enter");

        await Expect(kim.Heading("Create an account")).ToBeVisibleAsync();
        await TabToAsync(kim, "E-mail");
        await keys.TypeAsync(kim.Email);
        await TabToAsync(kim, "Password");
        await keys.TypeAsync(Person.Password);
        await TabToAsync(kim, "I agree");
        await keys.PressAsync("Space");
        await keys.PressAsync("Enter");
        await Expect(kim.Heading("Look into your mail")).ToBeVisibleAsync();

        await kim.ConfirmAsync();
        await TabToAsync(kim, "Sign in");
        await keys.PressAsync("Enter");
        await Expect(kim.Heading("Sign in")).ToBeVisibleAsync();
        await TabToAsync(kim, "E-mail");
        await keys.TypeAsync(kim.Email);
        await TabToAsync(kim, "Password");
        await keys.TypeAsync(Person.Password);
        await keys.PressAsync("Enter");
        await Expect(kim.Heading("Today")).ToBeVisibleAsync();

        // Keys mean something once the page has drawn what it knows.
        await Expect(kim.Page.GetByText("Nothing due today")).ToBeVisibleAsync();
        await keys.PressAsync("n");
        await Expect(kim.Page.GetByLabel("New todo")).ToBeFocusedAsync();
        await keys.TypeAsync("feed the cat today");
        await keys.PressAsync("Enter");
        await Expect(kim.Todo("feed the cat")).ToBeVisibleAsync();
        await TabToAsync(kim, "Done: feed the cat");
        await keys.PressAsync("Space");
        await Expect(kim.Page.GetByText("“feed the cat” is done").First).ToBeVisibleAsync();
        kim.HasNothingToComplainAbout();
    }

    /// <summary>Presses Tab until what has the focus is called this, as somebody does who cannot point.</summary>
    private static async Task TabToAsync(Person person, string name)
    {
        for (var stop = 0; stop < StopsMax; stop++)
        {
            await person.Page.Keyboard.PressAsync("Tab");
            var focused = await person.Page.EvaluateAsync<string>(
                """
                () => {
                  const element = document.activeElement;
                  return element.getAttribute('aria-label') || [...(element.labels ?? [])].map(label => label.textContent).join(' ') || element.textContent || '';
                }
                """);
            if (focused.Trim().StartsWith(name, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"Tab never came to \"{name}\".");
    }
}
