using Microsoft.Playwright;
using Slipway.Web.Tests.Product;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Todos;

/// <summary>What a person does at the Todo page.</summary>
internal static class TodoDeeds
{
    /// <summary>Somebody who is signed in at their account is let in without being asked again.</summary>
    public static async Task OpenTodosAsync(this Person person)
    {
        await person.Page.GotoAsync(person.Product.Todo.ToString());
        await person.Link("Sign in").ClickAsync();
        await Expect(person.Heading("Today")).ToBeVisibleAsync();
    }

    public static async Task LeaveTodosAsync(this Person person)
    {
        await person.Page.GotoAsync(person.Product.Todo.ToString());
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Account of" }).ClickAsync();
        await person.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Sign out" }).ClickAsync();
        await person.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(person.Link("Sign in")).ToBeVisibleAsync();
    }

    public static async Task WriteTodoAsync(this Person person, string line)
    {
        await person.Page.GetByLabel("New todo", Person.Exact).FillAsync(line);
        await person.Button("Add").ClickAsync();
    }

    /// <summary>The box that finishes it; a reader of the screen hears title and priority with it.</summary>
    public static ILocator Box(this Person person, string name) =>
        person.Page.GetByRole(AriaRole.Checkbox, new() { Name = $"Done: {name}", Exact = true });

    /// <summary>The editor of a todo, opened from its line.</summary>
    public static async Task<ILocator> OpenTodoAsync(this Person person, string title)
    {
        await person.Todo(title).GetByRole(AriaRole.Button, new() { Name = title }).First.ClickAsync();
        var editor = person.Page.GetByRole(AriaRole.Dialog, new() { Name = "Todo", Exact = true });
        await Expect(editor.GetByLabel("Title")).ToHaveValueAsync(title);
        return editor;
    }

    public static async Task MakeListAsync(this Person person, string name)
    {
        await person.Button("New list").ClickAsync();
        await person.Page.GetByRole(AriaRole.Dialog).GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await person.Button("Create list").ClickAsync();
        await Expect(person.Heading(name)).ToBeVisibleAsync();
    }

    public static async Task InviteAsync(this Person person, string list, string email)
    {
        await person.Button("Share").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog, new() { Name = $"Share “{list}”" });
        await dialog.GetByLabel("E-mail address").FillAsync(email);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Invite", Exact = true }).ClickAsync();
        await Expect(person.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = $"{email} is invited" })).ToHaveCountAsync(1);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
    }

    /// <summary>The line of a todo in whatever is shown.</summary>
    public static ILocator Todo(this Person person, string title) =>
        person.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem).Filter(new() { HasText = title });
}
