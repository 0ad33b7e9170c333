using System.Globalization;
using System.Text;

namespace Slipway.Identity.Mail;

/// <summary>A mail in the form of RFC 5322: text and HTML side by side, everything in base64, so no line can be too long or be taken for a command.</summary>
internal static class MimeMessage
{
    public static byte[] Write(DueMail mail, string from)
    {
        var boundary = $"=_{mail.Id:N}";
        var text = new StringBuilder()
            .Append("From: ").Append(Address(from)).Append("\r\n")
            .Append("To: <").Append(mail.Letter.To).Append(">\r\n")
            .Append("Subject: ").Append(Word(mail.Letter.Subject)).Append("\r\n")
            .Append("Date: ").Append(mail.CreatedAt.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture)).Append("\r\n")
            .Append("Message-ID: <").Append(mail.Id).Append('@').Append(DomainOf(from)).Append(">\r\n")
            .Append("Content-Language: ").Append(mail.Letter.Language).Append("\r\n")
            .Append("Auto-Submitted: auto-generated\r\n")
            .Append("MIME-Version: 1.0\r\n")
            .Append("Content-Type: multipart/alternative;\r\n boundary=\"").Append(boundary).Append("\"\r\n\r\n");
        Part(text, boundary, "text/plain", mail.Letter.Text);
        Part(text, boundary, "text/html", mail.Letter.Html);
        text.Append("--").Append(boundary).Append("--\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The address without the name: <c>Slipway &lt;a@b&gt;</c> is <c>a@b</c>.</summary>
    public static string BareAddress(string from)
    {
        var open = from.LastIndexOf('<');
        return open < 0 ? from.Trim() : from[(open + 1)..].TrimEnd().TrimEnd('>');
    }

    private static string DomainOf(string from) => BareAddress(from).Split('@')[^1];

    private static string Address(string from)
    {
        var open = from.LastIndexOf('<');
        return open <= 0 ? $"<{BareAddress(from)}>" : $"{Word(from[..open].Trim().Trim('"'))} <{BareAddress(from)}>";
    }

    private static void Part(StringBuilder text, string boundary, string type, string body) =>
        text.Append("--").Append(boundary).Append("\r\n")
            .Append("Content-Type: ").Append(type).Append("; charset=utf-8\r\n")
            .Append("Content-Transfer-Encoding: base64\r\n\r\n")
            .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(body), Base64FormattingOptions.InsertLineBreaks)).Append("\r\n");

    /// <summary>An encoded word (RFC 2047) per 36 bytes of text; plain words stay as they are.</summary>
    private static string Word(string value)
    {
        if (value.All(character => character is >= ' ' and < (char)127 and not '=' and not '?'))
        {
            return value;
        }

        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in value.EnumerateRunes())
        {
            if (Encoding.UTF8.GetByteCount(word.ToString()) + rune.Utf8SequenceLength > 36)
            {
                words.Add(Encoded(word));
            }

            word.Append(Rune.IsControl(rune) ? new Rune(' ') : rune);
        }

        words.Add(Encoded(word));
        return string.Join("\r\n ", words);
    }

    private static string Encoded(StringBuilder word)
    {
        var encoded = $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(word.ToString()))}?=";
        word.Clear();
        return encoded;
    }
}
