using System.Net;

namespace Slipway.Identity.Mail;

/// <summary>The mails of this service in English and German. Each says what happened, gives one link, and what to do if it was not you.</summary>
internal sealed class Letters(Uri publicAddress)
{
    public const string German = "de";

    public MailLetter ConfirmAddress(string to, string language, string token) => Is(language)
        ? Letter("confirmAddress", to, language, "Bestätigen Sie Ihre E-Mail-Adresse",
            "Mit dieser Adresse wurde ein Konto angelegt. Bestätigen Sie sie mit dem folgenden Link; er gilt 24 Stunden.",
            Link("/verify", token), "Adresse bestätigen", "Wenn Sie kein Konto angelegt haben, brauchen Sie nichts zu tun.")
        : Letter("confirmAddress", to, language, "Confirm your e-mail address",
            "An account was opened with this address. Confirm it with the link below; it works for 24 hours.",
            Link("/verify", token), "Confirm the address", "If you did not open an account, there is nothing to do.");

    public MailLetter AlreadyRegistered(string to, string language) => Is(language)
        ? Letter("alreadyRegistered", to, language, "Sie haben bereits ein Konto",
            "Jemand wollte mit dieser Adresse ein Konto anlegen. Es gibt bereits eines; melden Sie sich an oder setzen Sie das Passwort zurück.",
            Link("/sign-in", null), "Anmelden", "Wenn Sie das nicht waren, brauchen Sie nichts zu tun: an Ihrem Konto hat sich nichts geändert.")
        : Letter("alreadyRegistered", to, language, "You already have an account",
            "Somebody tried to open an account with this address. There is one already; sign in, or reset the password.",
            Link("/sign-in", null), "Sign in", "If it was not you, there is nothing to do: your account has not changed.");

    public MailLetter ResetPassword(string to, string language, string token) => Is(language)
        ? Letter("resetPassword", to, language, "Passwort zurücksetzen",
            "Mit dem folgenden Link wählen Sie ein neues Passwort; er gilt eine Stunde und nur einmal.",
            Link("/reset", token), "Neues Passwort wählen", "Wenn Sie das nicht angefordert haben, brauchen Sie nichts zu tun: Ihr Passwort gilt weiter.")
        : Letter("resetPassword", to, language, "Reset your password",
            "Choose a new password with the link below; it works for one hour and only once.",
            Link("/reset", token), "Choose a new password", "If you did not ask for this, there is nothing to do: your password still works.");

    public MailLetter PasswordChanged(string to, string language) => Is(language)
        ? Letter("passwordChanged", to, language, "Ihr Passwort wurde geändert",
            "Das Passwort Ihres Kontos wurde soeben geändert, und alle anderen Anmeldungen wurden beendet.",
            Link("/forgot", null), "Passwort zurücksetzen", "Wenn Sie das nicht waren, setzen Sie das Passwort sofort zurück.")
        : Letter("passwordChanged", to, language, "Your password was changed",
            "The password of your account was changed just now, and all other sign-ins were ended.",
            Link("/forgot", null), "Reset the password", "If it was not you, reset the password at once.");

    public MailLetter ConfirmNewAddress(string to, string language, string token) => Is(language)
        ? Letter("confirmNewAddress", to, language, "Bestätigen Sie Ihre neue E-Mail-Adresse",
            "Diese Adresse soll zu Ihrem Konto gehören. Bestätigen Sie sie mit dem folgenden Link; er gilt 24 Stunden und nur einmal.",
            Link("/confirm-email", token), "Neue Adresse bestätigen", "Wenn Sie das nicht waren, brauchen Sie nichts zu tun: ohne Bestätigung ändert sich nichts.")
        : Letter("confirmNewAddress", to, language, "Confirm your new e-mail address",
            "This address shall belong to your account. Confirm it with the link below; it works for 24 hours and only once.",
            Link("/confirm-email", token), "Confirm the new address", "If it was not you, there is nothing to do: nothing changes without a confirmation.");

    public MailLetter AddressChangeAsked(string to, string language) => Is(language)
        ? Letter("addressChangeAsked", to, language, "Ihr Konto soll eine andere E-Mail-Adresse bekommen",
            "Für Ihr Konto wurde eine andere E-Mail-Adresse eingetragen. Sie gilt erst, wenn sie bestätigt wird; bis dahin bleibt diese hier.",
            Link("/account", null), "Konto ansehen", "Wenn Sie das nicht waren, kennt jemand Ihr Passwort: ändern Sie es sofort und nehmen Sie die Änderung zurück.")
        : Letter("addressChangeAsked", to, language, "Your account is about to get another e-mail address",
            "Another e-mail address was entered for your account. It counts once it is confirmed; until then this one stays.",
            Link("/account", null), "Look at the account", "If it was not you, somebody knows your password: change it at once and take the change back.");

    public MailLetter AddressChanged(string to, string language) => Is(language)
        ? Letter("addressChanged", to, language, "Ihr Konto hat jetzt eine andere E-Mail-Adresse",
            "Die neue E-Mail-Adresse Ihres Kontos wurde bestätigt. Diese Adresse gehört nicht mehr dazu, und alle anderen Anmeldungen wurden beendet.",
            Link("/sign-in", null), "Anmelden", "Wenn Sie das nicht waren, wenden Sie sich sofort an den Betreiber.")
        : Letter("addressChanged", to, language, "Your account has another e-mail address now",
            "The new e-mail address of your account was confirmed. This one no longer belongs to it, and all other sign-ins were ended.",
            Link("/sign-in", null), "Sign in", "If it was not you, turn to the operator at once.");

    public static string LanguageOf(string? locale) => locale is not null && locale.StartsWith(German, StringComparison.OrdinalIgnoreCase) ? German : "en";

    private static bool Is(string language) => language == German;

    private string Link(string path, string? token) =>
        new Uri(publicAddress, token is null ? path : $"{path}?token={token}").AbsoluteUri;

    private static MailLetter Letter(string kind, string to, string language, string subject, string what, string link, string action, string otherwise)
    {
        var text = $"{what}\n\n{link}\n\n{otherwise}\n";
        var html =
            $"""
            <!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{Html(subject)}</title></head>
            <body style="font-family: sans-serif; line-height: 1.5; max-width: 40rem; margin: 2rem auto; padding: 0 1rem">
            <h1 style="font-size: 1.25rem">{Html(subject)}</h1><p>{Html(what)}</p>
            <p><a href="{Html(link)}" style="display: inline-block; padding: .75rem 1.25rem; background: #1b4965; color: #fff; text-decoration: none; border-radius: .25rem">{Html(action)}</a></p>
            <p>{Html(link)}</p><p>{Html(otherwise)}</p></body></html>
            """;
        return new MailLetter(kind, to, language, subject, text, html);
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
