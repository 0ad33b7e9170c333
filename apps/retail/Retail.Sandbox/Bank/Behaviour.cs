namespace Retail.Sandbox.Bank;

/// <summary>What the bank does with a card; real banks decide that by themselves, this one by the card it is shown.</summary>
internal enum Behaviour
{
    Success,
    Declined,
    InsufficientFunds,
    Challenge,
    Timeout,
    Duplicate,
    WebhookLater,
}

/// <summary>A card as the bank keeps it: enough for a receipt, and how it behaves.</summary>
internal sealed record BankCard(string Brand, string Last4, int ExpiryMonth, int ExpiryYear, Behaviour Behaviour);

/// <summary>The tokens that always exist and the cards that can be typed in. There are no others.</summary>
internal static class TestCards
{
    private static readonly Dictionary<string, BankCard> s_tokens = new(StringComparer.Ordinal)
    {
        ["tok_success"] = new("visa", "4242", 12, 2034, Behaviour.Success),
        ["tok_declined"] = new("visa", "0002", 12, 2034, Behaviour.Declined),
        ["tok_insufficient_funds"] = new("visa", "9995", 12, 2034, Behaviour.InsufficientFunds),
        ["tok_challenge"] = new("visa", "3184", 12, 2034, Behaviour.Challenge),
        ["tok_timeout"] = new("mastercard", "4444", 12, 2034, Behaviour.Timeout),
        ["tok_duplicate"] = new("mastercard", "5100", 12, 2034, Behaviour.Duplicate),
        ["tok_webhook_later"] = new("mastercard", "8210", 12, 2034, Behaviour.WebhookLater),
    };

    private static readonly Dictionary<string, Behaviour> s_cards = new(StringComparer.Ordinal)
    {
        ["4242424242424242"] = Behaviour.Success,
        ["4000000000000002"] = Behaviour.Declined,
        ["4000000000009995"] = Behaviour.InsufficientFunds,
        ["4000002760003184"] = Behaviour.Challenge,
    };

    public static BankCard? OfToken(string token) => s_tokens.GetValueOrDefault(token);

    public static Behaviour? OfNumber(string number) => s_cards.TryGetValue(number, out var behaviour) ? behaviour : null;
}
