using System.Globalization;
using System.Text.Encodings.Web;
using Retail.Sandbox.Bank;

namespace Retail.Sandbox.Endpoints;

/// <summary>The words and the markup of the page where the holder of a card approves a payment. Works without scripts.</summary>
internal static class ChallengePage
{
    public const string Style = """
        :root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; }
        body { margin: 0; display: grid; place-items: center; min-height: 100vh; background: Canvas; color: CanvasText; }
        main { max-width: 26rem; margin: 1rem; padding: 1.5rem; border: 1px solid GrayText; border-radius: .75rem; }
        h1 { margin-top: 0; font-size: 1.375rem; }
        dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; }
        dd { margin: 0; font-variant-numeric: tabular-nums; }
        form { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
        button, a.back { min-height: 2.75rem; padding: 0 1.25rem; font: inherit; border-radius: .5rem; cursor: pointer; }
        button.yes { background: #14532d; color: #fff; border: 1px solid #14532d; }
        button.no { background: Canvas; color: CanvasText; border: 1px solid currentColor; }
        a.back { display: inline-flex; align-items: center; border: 1px solid currentColor; }
        :focus-visible { outline: 3px solid #2563eb; outline-offset: 2px; }
        """;

    public static string Ask(Intent intent, bool german) => Page(
        german ? "Zahlung bestätigen" : "Approve the payment",
        german,
        $"""
        <p>{(german ? "Der Laden möchte diesen Betrag von Ihrer Testkarte einziehen." : "The shop wants to take this amount from your test card.")}</p>
        <dl>
          <dt>{(german ? "Betrag" : "Amount")}</dt><dd>{Money(intent, german)}</dd>
          <dt>{(german ? "Karte" : "Card")}</dt><dd>{HtmlEncoder.Default.Encode(intent.Brand)} •••• {intent.Last4}</dd>
        </dl>
        <form method="post">
          <button class="yes" name="decision" value="approve">{(german ? "Bestätigen" : "Approve")}</button>
          <button class="no" name="decision" value="decline">{(german ? "Ablehnen" : "Decline")}</button>
        </form>
        """);

    public static string Decided(Intent intent, bool german)
    {
        var (title, text) = (intent.Status, german) switch
        {
            (IntentStatus.NeedsCard, true) => ("Zahlung abgelehnt", "Es wird nichts eingezogen."),
            (IntentStatus.NeedsCard, false) => ("Payment declined", "Nothing will be taken."),
            (IntentStatus.Canceled, true) => ("Zahlung abgebrochen", "Der Laden hat die Bestellung inzwischen storniert. Es wird nichts eingezogen."),
            (IntentStatus.Canceled, false) => ("Payment cancelled", "The shop has cancelled the order meanwhile. Nothing will be taken."),
            (_, true) => ("Zahlung bestätigt", "Der Laden erfährt es in diesem Augenblick."),
            (_, false) => ("Payment approved", "The shop is being told right now."),
        };
        var back = intent.ReturnUrl is { } address
            ? $"""<p><a class="back" href="{HtmlEncoder.Default.Encode(address)}">{(german ? "Zurück zum Laden" : "Back to the shop")}</a></p>"""
            : "";
        return Page(title, german, $"<p role=\"status\">{text}</p>{back}");
    }

    public static string Unknown(bool german) => Page(
        german ? "Diese Seite gibt es nicht" : "There is no such page", german, $"<p>{(german ? "Der Link ist nicht gültig." : "The link is not valid.")}</p>");

    private static string Page(string title, bool german, string content) =>
        $"""
        <!doctype html>
        <html lang="{(german ? "de" : "en")}">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="robots" content="noindex">
          <title>{title} · {(german ? "Testbank" : "Test bank")}</title>
          <link rel="stylesheet" href="/challenge/style.css">
        </head>
        <body>
        <main>
          <h1>{title}</h1>
          {content}
        </main>
        </body>
        </html>
        """;

    private static string Money(Intent intent, bool german)
    {
        var amount = (intent.Amount / 100m).ToString("0.00", CultureInfo.InvariantCulture);
        var currency = HtmlEncoder.Default.Encode(intent.Currency.ToUpperInvariant());
        return german ? $"{amount.Replace('.', ',')} {currency}" : $"{currency} {amount}";
    }
}
