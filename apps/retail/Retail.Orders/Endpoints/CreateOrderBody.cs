using System.Text.Json.Nodes;
using Retail.Orders.People;
using Slipway.Sdk.Problems;

namespace Retail.Orders.Endpoints;

/// <summary>An order as a buyer sends it.</summary>
internal sealed record CreateOrderBody
{
    public IReadOnlyList<CreateOrderItem>? Items { get; set; }

    public ShippingAddressBody? ShippingAddress { get; set; }

    public string? Email { get; set; }

    public string? PaymentToken { get; set; }

    /// <summary>The cart it came from; only kept in the log.</summary>
    public string? CartId { get; set; }

    public string? Currency { get; set; }
}

internal sealed record CreateOrderItem
{
    public string? ProductId { get; set; }

    public string? Sku { get; set; }

    public int? Quantity { get; set; }

    /// <summary>What the buyer saw; another price now is a conflict instead of a surprise.</summary>
    public decimal? ExpectedPrice { get; set; }
}

internal sealed record ShippingAddressBody
{
    public string? Name { get; set; }

    public string? Street { get; set; }

    public string? City { get; set; }

    public string? PostalCode { get; set; }

    public string? Country { get; set; }
}

/// <summary>A body that has been looked through.</summary>
internal sealed record CheckedOrder(IReadOnlyList<CheckedItem> Items, OrderContact Contact, string PaymentToken);

internal sealed record CheckedItem(int Index, string Name, int Quantity, long? ExpectedMinor);

internal static class CreateOrderRules
{
    public const int LinesMax = 100;
    public const int QuantityMax = 99;
    private const int TokenMax = 200;

    public static Outcome<CheckedOrder> Check(CreateOrderBody body, string? knownEmail)
    {
        var findings = new Findings();
        var items = Items(body.Items, findings);
        var contact = Contact(body, knownEmail, findings);
        var token = findings.Text("/paymentToken", body.PaymentToken, TokenMax);
        if (LooksLikeCard(token))
        {
            findings.Add("/paymentToken", "cardDataRefused", "Card numbers are never sent here. Send the token that the payment page gave for the card.");
        }

        if (body.Currency is { } currency && currency != Pricing.Charges.Currency)
        {
            findings.Add("/currency", "notOneOf", "Orders are in EUR.", new JsonObject { ["allowed"] = new JsonArray("EUR") });
        }

        findings.OptionalText("/cartId", body.CartId, 100);
        return findings.Any ? findings.ToProblem() : new CheckedOrder(items, contact, token);
    }

    private static List<CheckedItem> Items(IReadOnlyList<CreateOrderItem>? items, Findings findings)
    {
        var good = new List<CheckedItem>();
        if (items is not { Count: > 0 })
        {
            findings.Add("/items", "required", "An order needs at least one item.");
            return good;
        }

        if (items.Count > LinesMax)
        {
            findings.Add("/items", "tooMany", $"An order has at most {LinesMax} lines.", new JsonObject { ["max"] = LinesMax });
            return good;
        }

        for (var at = 0; at < items.Count; at++)
        {
            if (items[at] is not { } item)
            {
                findings.Add($"/items/{at}", "required", "An item must not be null.");
                continue;
            }

            var named = item.Sku is null ? "productId" : "sku";
            var name = findings.Text($"/items/{at}/{named}", item.Sku ?? item.ProductId, 64);
            if (item.Sku is not null && item.ProductId is not null && item.Sku != item.ProductId && !Guid.TryParse(item.ProductId, out _))
            {
                findings.Add($"/items/{at}/productId", "ambiguous", "Send productId or sku; if both, productId must be the product's id.");
            }

            if (item.Quantity is not (>= 1 and <= QuantityMax))
            {
                findings.Add($"/items/{at}/quantity", "outOfRange", $"quantity must be from 1 to {QuantityMax}.", new JsonObject { ["min"] = 1, ["max"] = QuantityMax });
            }

            long? expected = null;
            if (item.ExpectedPrice is { } price)
            {
                if (price is < 0 or > 1_000_000 || decimal.Round(price, 2) != price)
                {
                    findings.Add($"/items/{at}/expectedPrice", "notAnAmount", "expectedPrice must be an amount with at most two digits behind the point.");
                }
                else
                {
                    expected = (long)(price * 100);
                }
            }

            good.Add(new CheckedItem(at, name, item.Quantity ?? 0, expected));
        }

        return good;
    }

    private static OrderContact Contact(CreateOrderBody body, string? knownEmail, Findings findings)
    {
        var address = body.ShippingAddress;
        if (address is null)
        {
            findings.Add("/shippingAddress", "required", "shippingAddress is required.");
            address = new ShippingAddressBody { Name = "-", Street = "-", City = "-", PostalCode = "-", Country = "DE" };
        }

        var country = findings.Text("/shippingAddress/country", address.Country, 2, 2);
        if (country.Length == 2 && !country.All(char.IsAsciiLetterUpper))
        {
            findings.Add("/shippingAddress/country", "notACountry", "country must be two capital letters such as DE.");
        }

        var email = findings.Text("/email", body.Email ?? knownEmail, 254, 3);
        if (email.Length > 0 && (email.IndexOf('@', StringComparison.Ordinal) < 1 || email.EndsWith('@') || email.Any(char.IsWhiteSpace)))
        {
            findings.Add("/email", "notAnEmail", "email must be an address such as name@example.org.");
        }

        return new OrderContact(
            findings.Text("/shippingAddress/name", address.Name, 200),
            findings.Text("/shippingAddress/street", address.Street, 200),
            findings.Text("/shippingAddress/city", address.City, 100),
            findings.Text("/shippingAddress/postalCode", address.PostalCode, 20),
            country,
            email);
    }

    /// <summary>Twelve or more digits and nothing else that matters: somebody sent a card instead of a token.</summary>
    private static bool LooksLikeCard(string token) =>
        token.Count(char.IsAsciiDigit) is >= 12 and <= 19 && token.All(character => char.IsAsciiDigit(character) || character is ' ' or '-');
}
