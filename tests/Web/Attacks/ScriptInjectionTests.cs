using Microsoft.Playwright;
using Slipway.Web.Tests.Browsers;
using Slipway.Web.Tests.Product;
using Slipway.Web.Tests.Todos;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Attacks;

/// <summary>Text that people write is shown as text, wherever it appears and whoever wrote it.</summary>
public sealed class ScriptInjectionTests(RunningProduct product, Chromium chromium)
{
    private const string Sign = "window.__hit";

    private static readonly string[] s_attacks =
    [
        "<script>window.__hit=1</script>",
        "<img src=x onerror=window.__hit=1>",
        "\"><svg onload=window.__hit=1>",
        "javascript:window.__hit=1",
        "{{constructor.constructor('window.__hit=1')()}}",
    ];

    [Fact]
    public async Task Scripts_in_titles_and_names_stay_text_for_their_writer_and_for_those_it_is_shared_with()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var mallory = await Person.ComeAsync(product, chromium, "mallory");
        await using var ben = await Person.ComeAsync(product, chromium, "ben");
        await mallory.SettleAsync();
        await ben.SettleAsync();
        await mallory.RenameAsync(s_attacks[1]);
        await mallory.OpenTodosAsync();
        await mallory.MakeListAsync(s_attacks[0]);
        foreach (var attack in s_attacks)
        {
            await mallory.WriteTodoAsync(attack);
            await Expect(mallory.Todo(attack)).ToHaveCountAsync(1);
        }

        await mallory.InviteAsync(s_attacks[0], ben.Email);
        await ben.OpenTodosAsync();
        await ben.Page.GotoAsync(new Uri(product.Todo, "/invitations").ToString());
        await ben.Button("Join the list").ClickAsync();
        await ben.Page.GetByRole(AriaRole.Link, new() { Name = s_attacks[0] }).First.ClickAsync();
        await Expect(ben.Heading(s_attacks[0])).ToBeVisibleAsync();
        foreach (var attack in s_attacks)
        {
            await Expect(ben.Todo(attack)).ToHaveCountAsync(1);
        }

        Assert.False(await WasHitAsync(mallory), "a script of hers ran in the writer's own page");
        Assert.False(await WasHitAsync(ben), "a script of somebody else's ran");
        mallory.HasNothingToComplainAbout();
        ben.HasNothingToComplainAbout();
    }

    [Fact]
    public async Task Scripts_in_notes_stay_text_for_whoever_reads_them()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var mallory = await Person.ComeAsync(product, chromium, "mallory");
        await using var ben = await Person.ComeAsync(product, chromium, "ben");
        await mallory.SettleAsync();
        await ben.SettleAsync();
        await mallory.OpenTodosAsync();
        await mallory.MakeListAsync("Traps");
        await mallory.WriteTodoAsync("look inside");
        var notes = string.Join('\n', s_attacks.Append("</textarea><script>window.__hit=1</script>").Append("[click](javascript:window.__hit=1)"));
        var editor = await mallory.OpenTodoAsync("look inside");
        await editor.GetByLabel("Notes").FillAsync(notes);
        await editor.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(editor).ToHaveCountAsync(0);

        await mallory.InviteAsync("Traps", ben.Email);
        await ben.OpenTodosAsync();
        await ben.Page.GotoAsync(new Uri(product.Todo, "/invitations").ToString());
        await ben.Button("Join the list").ClickAsync();
        await ben.Page.GetByRole(AriaRole.Link, new() { Name = "Traps" }).First.ClickAsync();
        await Expect((await ben.OpenTodoAsync("look inside")).GetByLabel("Notes")).ToHaveValueAsync(notes);

        Assert.False(await WasHitAsync(mallory), "a script of hers ran in the writer's own page");
        Assert.False(await WasHitAsync(ben), "a script of somebody else's ran");
        mallory.HasNothingToComplainAbout();
        ben.HasNothingToComplainAbout();
    }

    [Theory]
    [InlineData("todo")]
    [InlineData("identity")]
    public async Task The_policy_of_the_pages_stops_a_script_even_if_one_got_in(string service)
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var guest = await Person.ComeAsync(product, chromium, "guest");
        await guest.Page.GotoAsync((service == "todo" ? product.Todo : new Uri(product.Identity, "/sign-in")).ToString());
        await Expect(guest.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();

        // As if a page had put a stranger's text into itself unescaped: inline script, handler, foreign script, style, frame and call.
        await guest.Page.EvaluateAsync(
            $$"""
            () => {
              const script = document.createElement('script');
              script.textContent = '{{Sign}}=1';
              document.body.append(script);
              const foreign = document.createElement('script');
              foreign.src = 'http://127.0.0.1:9/evil.js';
              document.body.append(foreign);
              const box = document.createElement('div');
              box.innerHTML = '<img src="/nothing.png" onerror="{{Sign}}=1"><iframe srcdoc="x"></iframe>';
              document.body.append(box);
            }
            """);
        await guest.Page.WaitForFunctionAsync("() => document.images[document.images.length - 1].complete");
        Assert.False(await WasHitAsync(guest));
        Assert.Equal("blocked", await guest.Page.EvaluateAsync<string>("fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'blocked')"));
        Assert.Contains(guest.Complaints, complaint => complaint.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    private static Task<bool> WasHitAsync(Person person) => person.Page.EvaluateAsync<bool>($"() => {Sign} === 1");
}
