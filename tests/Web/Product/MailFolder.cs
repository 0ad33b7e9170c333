using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Web.Tests.Product;

/// <summary>The mails the identity service has written for somebody, read as that person would read them.</summary>
internal sealed partial class MailFolder(string folder)
{
    /// <summary>The link of the newest mail to this address that leads to this page, once there is one.</summary>
    public Task<Uri> LinkAsync(string email, string page) => Eventually.ValueAsync(() => Find(email, page), $"a mail to {email} with a link to {page}");

    private Uri? Find(string email, string page)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        return Directory.EnumerateFiles(folder, "*.eml")
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllText)
            .Where(mail => mail.Contains(email, StringComparison.OrdinalIgnoreCase))
            .SelectMany(mail => Link().Matches(Text(mail)).Select(match => new Uri(match.Value)))
            .LastOrDefault(link => link.AbsolutePath == page);
    }

    /// <summary>The bodies, which travel as base64.</summary>
    private static string Text(string mail) => string.Concat(
        Body().Matches(mail).Select(match => Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups[1].Value))));

    [GeneratedRegex(@"https?://[^\s<>""]+")]
    private static partial Regex Link();

    [GeneratedRegex(@"base64\r\n\r\n([A-Za-z0-9+/=\r\n]+)")]
    private static partial Regex Body();
}
