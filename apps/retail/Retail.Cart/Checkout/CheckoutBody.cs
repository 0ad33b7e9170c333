using Slipway.Sdk.Problems;

namespace Retail.Cart.Checkout;

internal sealed record CheckoutBody
{
    public string? CustomerId { get; set; }

    public AddressBody? ShippingAddress { get; set; }

    public string? Email { get; set; }

    public PaymentBody? Payment { get; set; }
}

internal sealed record AddressBody
{
    public string? Name { get; set; }

    public string? Street { get; set; }

    public string? City { get; set; }

    public string? PostalCode { get; set; }

    public string? Country { get; set; }
}

internal sealed record PaymentBody
{
    public string? Method { get; set; }

    public string? Token { get; set; }
}

/// <summary>Who gets the goods and how they are paid, looked through. It is passed on and never kept here.</summary>
internal sealed record Buyer(string Name, string Street, string City, string PostalCode, string Country, string Email, string PaymentToken)
{
    public static Outcome<Buyer> Of(CheckoutBody body)
    {
        var findings = new Findings();
        var address = body.ShippingAddress ?? new AddressBody();
        var country = findings.Text("/shipping_address/country", address.Country, 2, 2);
        if (country.Length == 2 && !country.All(char.IsAsciiLetterUpper))
        {
            findings.Add("/shipping_address/country", "notACountry", "country must be two capital letters such as DE.");
        }

        var email = findings.Text("/email", body.Email, 254, 3);
        if (email.Length > 0 && (email.IndexOf('@', StringComparison.Ordinal) < 1 || email.EndsWith('@') || email.Any(char.IsWhiteSpace)))
        {
            findings.Add("/email", "notAnEmail", "email must be an address such as name@example.org.");
        }

        _ = findings.Text("/payment/method", body.Payment?.Method, 40, required: false);
        var token = findings.Text("/payment/token", body.Payment?.Token, 200);
        if (LooksLikeCard(token))
        {
            findings.Add("/payment/token", "cardDataRefused", "Card numbers are never sent here. Send the token that the payment page gave for the card.");
        }

        var buyer = new Buyer(
            findings.Text("/shipping_address/name", address.Name, 200),
            findings.Text("/shipping_address/street", address.Street, 200),
            findings.Text("/shipping_address/city", address.City, 100),
            findings.Text("/shipping_address/postal_code", address.PostalCode, 20),
            country,
            email,
            token);
        return findings.Any ? findings.ToProblem() : buyer;
    }

    private static bool LooksLikeCard(string token) =>
        token.Count(char.IsAsciiDigit) is >= 12 and <= 19 && token.All(character => char.IsAsciiDigit(character) || character is ' ' or '-');
}
