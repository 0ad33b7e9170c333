using Microsoft.Playwright;
using Slipway.Web.Tests.Browsers;

namespace Slipway.Web.Tests.Product;

/// <summary>
/// Somebody at a browser of their own. What is done here is what the pages let a person do: they find things by their names and labels,
/// as somebody who looks or listens does.
/// </summary>
internal sealed class Person : IAsyncDisposable
{
    public const string Password = "seven quiet lighthouses";

    private readonly IHome _home;
    private readonly IBrowserContext _profile;

    private Person(IHome home, IBrowserContext profile, IPage page, string email) =>
        (_home, _profile, Page, Email) = (home, profile, page, email);

    /// <summary>Where the todos are, for those who came there.</summary>
    public RunningProduct Product => (RunningProduct)_home;

    public IPage Page { get; }

    public string Email { get; }

    /// <summary>What the page wrote into the browser's console as an error.</summary>
    public List<string> Complaints { get; } = [];

    public IBrowserContext Profile => _profile;

    public static async Task<Person> ComeAsync(IHome home, Chromium chromium, string name, BrowserNewContextOptions? options = null)
    {
        await home.EnsureStartedAsync();
        var profile = await chromium.ProfileAsync(options);
        var person = new Person(home, profile, await profile.NewPageAsync(), home.NewEmail(name));
        person.Page.Console += (_, message) =>
        {
            // A busy service says "not now" and the page asks again; that is no failure, and what follows shows that it went well.
            if (message.Type == "error" && !message.Text.Contains("status of 503", StringComparison.Ordinal))
            {
                person.Complaints.Add($"{message.Text} ({message.Location})");
            }
        };
        person.Page.PageError += (_, error) => person.Complaints.Add(error);
        return person;
    }

    /// <summary>Registers, opens the link of the mail and signs in at the account pages.</summary>
    public async Task SettleAsync()
    {
        await RegisterAsync();
        await ConfirmAsync();
        await SignInAsync();
        await Assertions.Expect(Heading("Profile")).ToBeVisibleAsync();
    }

    /// <summary>Becomes an administrator the way the first one does, by an operator's hand, and sets up the second step that they must have.</summary>
    public async Task<Authenticator> SettleAsAdministratorAsync()
    {
        await RegisterAsync();
        await ConfirmAsync();
        await _home.Accounts.ExecuteAsync($"update users set role = 'admin', security_version = security_version + 1 where email = '{Email}'");
        await SignInAsync();
        await Assertions.Expect(Page.GetByText("Administrators need a second step.")).ToBeVisibleAsync();
        return (await TurnOnSecondStepAsync()).Phone;
    }

    public async Task RegisterAsync()
    {
        await Page.GotoAsync(new Uri(_home.Identity, "/register").ToString());
        await FillRegistrationAsync();
    }

    public async Task FillRegistrationAsync()
    {
        await Page.GetByLabel("E-mail", Exact).FillAsync(Email);
        await Page.GetByLabel("Password", Exact).FillAsync(Password);
        await Page.GetByLabel("I agree").CheckAsync();
        await Button("Create account").ClickAsync();
        await Assertions.Expect(Heading("Look into your mail")).ToBeVisibleAsync();
    }

    public async Task ConfirmAsync()
    {
        await Page.GotoAsync((await _home.Mails.LinkAsync(Email, "/verify")).ToString());
        await Assertions.Expect(Page.GetByText("The address is confirmed.")).ToBeVisibleAsync();
    }

    public async Task SignInAsync(string password = Password)
    {
        if (new Uri(Page.Url).AbsolutePath != "/sign-in")
        {
            await Page.GotoAsync(new Uri(_home.Identity, "/sign-in").ToString());
        }

        await TypePasswordAsync(password);
    }

    public async Task TypePasswordAsync(string password = Password)
    {
        await Page.GetByLabel("E-mail", Exact).FillAsync(Email);
        await Page.GetByLabel("Password", Exact).FillAsync(password);
        await Button("Sign in").ClickAsync();
    }

    /// <summary>Gives the account a first name, which others see.</summary>
    public async Task RenameAsync(string name)
    {
        await OpenAccountAsync("/account");
        await Page.GetByLabel("First name").FillAsync(name);
        await Button("Save").ClickAsync();
        await Assertions.Expect(Page.GetByText("Saved.").First).ToBeVisibleAsync();
    }

    /// <summary>Turns the second step on; the telephone that has the key afterwards.</summary>
    public async Task<(Authenticator Phone, string[] RecoveryCodes)> TurnOnSecondStepAsync()
    {
        await Page.GotoAsync(new Uri(_home.Identity, "/account/two-factor").ToString());
        await Button("Set up").ClickAsync();
        var phone = new Authenticator(await Page.GetByTestId("secret").InnerTextAsync());
        var codes = (await Page.GetByTestId("recovery-codes").InnerTextAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        await Page.GetByLabel("Code", Exact).FillAsync(phone.Code());
        await Button("Turn on").ClickAsync();
        await Assertions.Expect(Page.GetByText("The second step is on.")).ToBeVisibleAsync();
        return (phone, codes);
    }

    public async Task SignOutAsync()
    {
        await Button("Sign out").ClickAsync();
        await Assertions.Expect(Page.GetByText("You are signed out.")).ToBeVisibleAsync();
    }

    public Task OpenAccountAsync(string path) => Page.GotoAsync(new Uri(_home.Identity, path).ToString());

    /// <summary>Nothing failed behind the person's back: no script error, no refused resource, no breach of the page's policy.</summary>
    /// <param name="but">Part of what the page may be refused, since it says so to the person and goes on.</param>
    public void HasNothingToComplainAbout(string? but = null)
    {
        var complaints = Complaints.Where(complaint => but is null || !complaint.Contains(but, StringComparison.Ordinal)).ToList();
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public static PageGetByLabelOptions Exact => new() { Exact = true };

    public async ValueTask DisposeAsync() => await _profile.DisposeAsync();
}
