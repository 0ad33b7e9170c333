using Microsoft.Extensions.DependencyInjection;
using Slipway.Identity.Mail;
using Slipway.Sdk.Hosting;

namespace Slipway.Identity.Tests.Mail;

public sealed class MailQueueTests(TestPostgres postgres)
{
    [Fact]
    public async Task A_mail_the_server_does_not_take_now_is_tried_again_later()
    {
        await using var server = new MailServer();
        server.Surprises.Enqueue(("RCPT", "450 not now"));
        var clock = new ShiftedTime();
        await using var identity = await RunningIdentity.StartAsync(postgres, clock, ("SMTP_URL", server.Url));
        var email = RunningIdentity.NewEmail();
        await identity.RegisterAsync(email);
        await Eventually.HoldsAsync("the first attempt failed", async () => (await LastErrorAsync(identity, email)).Contains("450", StringComparison.Ordinal));
        Assert.Empty(server.Messages);

        clock.Advance(TimeSpan.FromMinutes(2));
        identity.Service.Services.GetRequiredService<MailQueue>().Wake();

        await Eventually.HoldsAsync("the mail is delivered", () => server.Messages.Count == 1);
        await Eventually.HoldsAsync("that is noted", async () => await identity.Database.TextAsync("select attempts from outgoing_mail where sent_at is not null") == "2");
    }

    [Fact]
    public async Task A_mail_refused_for_good_is_given_up_and_its_link_forgotten()
    {
        await using var server = new MailServer();
        server.Surprises.Enqueue(("RCPT", "550 no such person"));
        await using var identity = await RunningIdentity.StartAsync(postgres, null, ("SMTP_URL", server.Url));
        await identity.RegisterAsync(RunningIdentity.NewEmail());
        await Eventually.HoldsAsync(
            "the mail is given up",
            async () => await identity.Database.TextAsync("select count(*) from outgoing_mail where given_up_at is not null and text_body = '' and html_body = ''") == "1");
    }

    [Fact]
    public async Task Mail_that_was_queued_before_a_crash_is_sent_by_whoever_comes_next()
    {
        await using var identity = await RunningIdentity.StartAsync(postgres);
        var email = RunningIdentity.NewEmail();
        await identity.RegisterAsync(email);
        await identity.MailAsync(email, "Confirm your e-mail address");

        // What a process leaves behind that was killed between taking the mail and sending it.
        await identity.Database.ExecuteAsync("update outgoing_mail set sent_at = null, attempts = 1, text_body = 'again', html_body = 'again', subject = 'Again', next_attempt_at = now()");
        await using var next = await identity.AnotherAsync();
        await Eventually.HoldsAsync("one of both sends it", () => identity.Mails(email).Concat(next.Mails(email)).Any(mail => mail.Subject == "Again"));
    }

    private static Task<string> LastErrorAsync(RunningIdentity identity, string email) =>
        identity.Database.TextAsync($"select last_error from outgoing_mail where to_address = '{email}'");
}
