using Slipway.Sdk.Problems;

namespace Slipway.Identity.Mail;

/// <summary><c>smtp://user:password@host:587</c> or <c>smtps://host</c>.</summary>
internal sealed record SmtpAddress(string Host, int Port, bool TlsFromTheStart, string? User, string? Password)
{
    public static Outcome<SmtpAddress> Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("smtp" or "smtps") || url.Host.Length == 0)
        {
            return new Problem(500, "smtpUrl", "The service is not set up", $"SMTP_URL must look like smtp://user:password@host:587 or smtps://host:465, not \"{Redacted(text)}\".");
        }

        var secure = url.Scheme == "smtps";
        var user = url.UserInfo.Split(':', 2);
        return new SmtpAddress(
            url.Host.Trim('[', ']'),
            url.Port > 0 ? url.Port : secure ? 465 : 25,
            secure,
            user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null,
            user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null);
    }

    /// <summary>A mistake in the address must not put its password into a log.</summary>
    private static string Redacted(string text) => text.IndexOf('@', StringComparison.Ordinal) is var at and >= 0 ? $"…{text[at..]}" : text;
}
