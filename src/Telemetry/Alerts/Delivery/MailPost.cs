using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Slipway.Model.Monitoring;

namespace Slipway.Telemetry.Alerts.Delivery;

/// <summary>
/// Mails alerts through the receiver's mail server. Where none is named, mails are written into a folder, one file each, so that
/// they can be read or handed on; the folder keeps the newest.
/// </summary>
internal sealed class MailPost(string spool, int spoolMax)
{
    private int _written;

    public async Task<SendResult> SendAsync(EmailReceiverSpec spec, string? password, Notice notice, CancellationToken cancellation)
    {
        using var mail = Mail(spec, notice);
        try
        {
            if (string.IsNullOrEmpty(spec.Smarthost))
            {
                Spool(mail, notice);
                return SendResult.Delivered;
            }

            var colon = spec.Smarthost.LastIndexOf(':');
            using var client = new SmtpClient(spec.Smarthost[..colon].Trim('[', ']'), int.Parse(spec.Smarthost.AsSpan(colon + 1), CultureInfo.InvariantCulture))
            {
                EnableSsl = spec.RequireTLS != false,
                Credentials = spec.AuthUsername is { Length: > 0 } user ? new NetworkCredential(user, password) : null,
            };
            await client.SendMailAsync(mail, cancellation);
            return SendResult.Delivered;
        }
        catch (Exception failure) when (failure is SmtpException or IOException or UnauthorizedAccessException)
        {
            return new SendResult(failure.InnerException is { } inner ? $"{failure.Message} {inner.Message}" : failure.Message);
        }
    }

    private static MailMessage Mail(EmailReceiverSpec spec, Notice notice)
    {
        var mail = new MailMessage
        {
            From = new MailAddress(string.IsNullOrEmpty(spec.From) ? "slipway@localhost" : spec.From),
            Subject = MessageText.Of(null, MessageText.Title, notice).ReplaceLineEndings(" "),
            SubjectEncoding = Encoding.UTF8,
            Body = MessageText.Of(spec.Text, MessageText.Body, notice),
            BodyEncoding = Encoding.UTF8,
        };
        foreach (var address in (spec.To ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            mail.To.Add(new MailAddress(address));
        }

        foreach (var header in spec.Headers ?? [])
        {
            var value = MessageText.Of(header.Value, "", notice).ReplaceLineEndings(" ");
            if (header.Key.Equals("Subject", StringComparison.OrdinalIgnoreCase))
            {
                mail.Subject = value;
            }
            else if (header.Key.Length > 0)
            {
                mail.Headers[header.Key] = value;
            }
        }

        if (!string.IsNullOrEmpty(spec.Html))
        {
            mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(MessageText.Of(spec.Html, "", notice), Encoding.UTF8, MediaTypeNames.Text.Html));
        }

        return mail;
    }

    private void Spool(MailMessage mail, Notice notice)
    {
        Directory.CreateDirectory(spool);
        var text = new StringBuilder()
            .Append("From: ").Append(mail.From).Append("\r\nTo: ").Append(mail.To).Append("\r\nSubject: ").Append(mail.Subject)
            .Append("\r\nDate: ").Append(notice.CreatedAt.ToString("r", CultureInfo.InvariantCulture))
            .Append("\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n")
            .Append(mail.Body.ReplaceLineEndings("\r\n"));
        var name = notice.Id.Length > 0 ? notice.Id : $"{notice.CreatedAt.ToUnixTimeMilliseconds():d15}-{Interlocked.Increment(ref _written):d10}";
        File.WriteAllText(Path.Combine(spool, $"{name}-{notice.Way.Replace('/', '-')}.eml"), text.ToString());
        foreach (var old in Directory.EnumerateFiles(spool, "*.eml").Order(StringComparer.Ordinal).SkipLast(spoolMax))
        {
            File.Delete(old);
        }
    }
}
