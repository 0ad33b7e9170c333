using System.Globalization;
using System.Net;
using Slipway.Identity.Mail;

namespace Slipway.Identity.Privacy;

/// <summary>Tells the owner that the account was closed and how to open it again: also for the case that it was not the owner who asked.</summary>
internal sealed class ErasureLetter(Uri publicAddress)
{
    public const string Kind = "accountClosed";

    public MailLetter Write(string to, string? locale, DateTimeOffset dueAt)
    {
        var link = new Uri(publicAddress, "/keep").AbsoluteUri;
        var day = dueAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var language = Letters.LanguageOf(locale);
        var (subject, what, action, otherwise) = language == Letters.German
            ? (
                "Ihr Konto wurde geschlossen",
                $"Ihr Konto ist geschlossen. Am {day} wird alles Persönliche darin endgültig überschrieben. Bis dahin können Sie es wieder öffnen.",
                "Konto behalten",
                "Wenn Sie das nicht waren, öffnen Sie es wieder und ändern Sie sofort das Passwort.")
            : (
                "Your account was closed",
                $"Your account is closed. On {day} everything personal in it is overwritten for good. Until then you can open it again.",
                "Keep the account",
                "If it was not you, open it again and change the password at once.");
        var html =
            $"""
            <!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{Html(subject)}</title></head>
            <body style="font-family:sans-serif"><p>{Html(what)}</p><p><a href="{Html(link)}">{Html(action)}</a></p><p>{Html(otherwise)}</p></body></html>
            """;
        return new MailLetter(Kind, to, language, subject, $"{what}\n\n{link}\n\n{otherwise}\n", html);
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
