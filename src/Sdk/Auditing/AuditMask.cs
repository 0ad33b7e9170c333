using System.Text.Json.Nodes;

namespace Slipway.Sdk.Auditing;

/// <summary>Keeps secrets and card numbers out of a trail that nobody can correct later. Pure.</summary>
internal static class AuditMask
{
    private const string Masked = "[masked]";
    private const int CardDigitsMin = 13;
    private const int CardDigitsMax = 19;

    private static readonly string[] s_secrets = ["password", "secret", "token", "apikey", "authorization", "cookie", "pin", "cvc", "cvv", "recoverycode", "privatekey"];

    public static AuditChange Apply(AuditChange change) =>
        new(change.Pointer, Value(change.Pointer, change.Before), Value(change.Pointer, change.After));

    private static JsonNode? Value(string name, JsonNode? value)
    {
        if (value is not null && IsSecret(name))
        {
            return JsonValue.Create(Masked);
        }

        return value switch
        {
            JsonObject members => Members(members),
            JsonArray items => new JsonArray([.. items.Select(item => Value("", item))]),
            JsonValue text when text.TryGetValue<string>(out var words) && HoldsCardNumber(words) => JsonValue.Create(Masked),
            _ => value?.DeepClone(),
        };
    }

    private static JsonObject Members(JsonObject members)
    {
        var masked = new JsonObject();
        foreach (var (name, value) in members)
        {
            masked[name] = Value(name, value);
        }

        return masked;
    }

    private static bool IsSecret(string pointer)
    {
        var name = pointer[(pointer.LastIndexOf('/') + 1)..].Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        return Array.Exists(s_secrets, secret => secret.Length > 3
            ? name.Contains(secret, StringComparison.OrdinalIgnoreCase)
            : name.Equals(secret, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A run of digits, perhaps grouped by blanks or dashes, of a card's length and with a card's check digit.</summary>
    internal static bool HoldsCardNumber(string text)
    {
        Span<char> digits = stackalloc char[CardDigitsMax + 1];
        var count = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            var character = at < text.Length ? text[at] : '\0';
            if (char.IsAsciiDigit(character))
            {
                if (count <= CardDigitsMax)
                {
                    digits[count++] = character;
                }
            }
            else if (character is not (' ' or '-') || count == 0)
            {
                if (count is >= CardDigitsMin and <= CardDigitsMax && Checks(digits[..count]))
                {
                    return true;
                }

                count = 0;
            }
        }

        return false;
    }

    private static bool Checks(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            var weighted = i % 2 == 1 ? digit * 2 : digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }

        return sum % 10 == 0;
    }
}
