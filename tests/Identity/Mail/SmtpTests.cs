using Slipway.Identity.Mail;

namespace Slipway.Identity.Tests.Mail;

public sealed class SmtpTests
{
    private static readonly DueMail s_mail = new(
        Guid.Parse("019a0000-0000-7000-8000-000000000001"),
        new MailLetter("confirmAddress", "ada@example.org", "de", "Bestätigen Sie Ihre E-Mail-Adresse für das Konto bei Slipway", ".\r\nÜber einen Punkt\n.", "<p>Über</p>"),
        new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        1);

    [Fact]
    public async Task A_mail_arrives_as_it_was_written()
    {
        await using var server = new MailServer();
        await DeliverAsync(server.Url);

        Assert.Equal(["EHLO slipway", "MAIL FROM:<no-reply@example.org>", "RCPT TO:<ada@example.org>", "DATA", "QUIT"], server.Commands);
        var read = SpooledMail.Read(Assert.Single(server.Messages));
        Assert.Equal(("ada@example.org", s_mail.Letter.Subject, s_mail.Letter.Text), (read.To, read.Subject, read.Text));
        Assert.Contains("From: Slipway <no-reply@example.org>\r\n", server.Messages[0], StringComparison.Ordinal);
        Assert.Contains("Date: Sun, 01 Mar 2026 12:00:00 +0000\r\n", server.Messages[0], StringComparison.Ordinal);
        Assert.Contains("Message-ID: <019a0000-0000-7000-8000-000000000001@example.org>\r\n", server.Messages[0], StringComparison.Ordinal);
        Assert.All(server.Messages[0].Split("\r\n"), line => Assert.True(line.Length <= 78 && line.All(char.IsAscii) && line != "."));
    }

    [Fact]
    public async Task Tls_that_is_offered_is_used_and_an_unknown_certificate_is_not_accepted()
    {
        using var certificate = MailServer.SelfSigned();
        await using var server = new MailServer { Offers = ["STARTTLS"], Certificate = certificate };
        await Assert.ThrowsAsync<System.Security.Authentication.AuthenticationException>(() => DeliverAsync(server.Url));
        Assert.Equal(["EHLO slipway", "STARTTLS"], server.Commands);
        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task The_password_is_sent_to_this_machine_without_tls_too()
    {
        await using var server = new MailServer { Offers = ["AUTH PLAIN"] };
        await DeliverAsync($"smtp://us%40er:pa%3Ass@127.0.0.1:{server.Port}");
        var plain = Convert.ToBase64String("\0us@er\0pa:ss"u8);
        Assert.Contains($"AUTH PLAIN {plain}", server.Commands);
    }

    [Fact]
    public async Task A_refusal_for_good_and_one_for_now_are_told_apart()
    {
        await using var server = new MailServer();
        server.Surprises.Enqueue(("RCPT", "550-no such\r\n550 person"));
        server.Surprises.Enqueue(("RCPT", "450 come back later"));
        await Assert.ThrowsAsync<MailRefusedException>(() => DeliverAsync(server.Url));
        await Assert.ThrowsAsync<IOException>(() => DeliverAsync(server.Url));
        await DeliverAsync(server.Url);
        Assert.Single(server.Messages);
    }

    [Theory]
    [InlineData("what?")]
    [InlineData("25")]
    [InlineData("999999999999 x")]
    public async Task Nonsense_from_the_server_is_no_delivery(string reply)
    {
        await using var server = new MailServer();
        server.Surprises.Enqueue(("MAIL", reply));
        await Assert.ThrowsAnyAsync<Exception>(() => DeliverAsync(server.Url));
        Assert.Empty(server.Messages);
    }

    [Theory]
    [InlineData("smtp://mail.example.org", "mail.example.org", 25, false)]
    [InlineData("smtp://mail.example.org:587", "mail.example.org", 587, false)]
    [InlineData("smtps://mail.example.org", "mail.example.org", 465, true)]
    [InlineData("smtp://[::1]:2525", "::1", 2525, false)]
    public void Addresses_of_mail_servers_are_understood(string text, string host, int port, bool tls) =>
        Assert.Equal(new SmtpAddress(host, port, tls, null, null), SmtpAddress.Parse(text).Value);

    [Theory]
    [InlineData("mail.example.org:25")]
    [InlineData("http://mail.example.org")]
    [InlineData("smtp://")]
    public void Other_addresses_are_refused(string text) => Assert.Equal("smtpUrl", SmtpAddress.Parse(text).Problem!.Code);

    private static Task DeliverAsync(string url) =>
        new SmtpTransport(SmtpAddress.Parse(url).Value, "Slipway <no-reply@example.org>").DeliverAsync(s_mail, CancellationToken.None);
}
