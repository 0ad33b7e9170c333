using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Identity.Mail;

/// <summary>
/// Hands a mail to a server. The framework's own client either demands STARTTLS or never uses it; this one uses it whenever the server
/// offers it, and sends a password only over TLS or to this machine.
/// </summary>
internal sealed class SmtpTransport(SmtpAddress address, string from) : IMailTransport
{
    public async Task DeliverAsync(DueMail mail, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, cancellation);
        await using var session = new SmtpSession(client.GetStream());
        if (address.TlsFromTheStart)
        {
            await session.SecureAsync(address.Host, cancellation);
        }

        await session.ExpectAsync(220, cancellation);
        var offers = await session.GreetAsync(cancellation);
        if (!address.TlsFromTheStart && offers.Contains("STARTTLS"))
        {
            await session.SendAsync("STARTTLS", 220, cancellation);
            await session.SecureAsync(address.Host, cancellation);
            offers = await session.GreetAsync(cancellation);
        }

        if (address.User is { } user)
        {
            if (!session.IsSecure && !IPAddress.IsLoopback(((IPEndPoint)client.Client.RemoteEndPoint!).Address))
            {
                throw new InvalidOperationException("The mail server offers no TLS, so the password of SMTP_URL is not sent to it.");
            }

            var plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{address.Password}"));
            await session.SendAsync($"AUTH PLAIN {plain}", 235, cancellation);
        }

        var isPlainAddress = mail.Letter.To.All(char.IsAscii);
        if (!isPlainAddress && !offers.Contains("SMTPUTF8"))
        {
            throw new MailRefusedException("The mail server takes no addresses beyond ASCII.");
        }

        await session.SendAsync($"MAIL FROM:<{MimeMessage.BareAddress(from)}>{(isPlainAddress ? "" : " SMTPUTF8")}", 250, cancellation);
        await session.SendAsync($"RCPT TO:<{mail.Letter.To}>", 250, cancellation);
        await session.SendAsync("DATA", 354, cancellation);
        await session.SendBodyAsync(MimeMessage.Write(mail, from), cancellation);
        await session.ExpectAsync(250, cancellation);

        // The mail is taken; whether the server says goodbye nicely changes nothing.
        await session.LeaveAsync(cancellation);
    }
}
