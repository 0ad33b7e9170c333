using System.Security.Cryptography;
using Npgsql;
using Retail.Payments.Provider;
using Slipway.Sdk.Database;

namespace Retail.Payments.Cards;

/// <summary>What stands for a card here: the provider's token and what may be shown of the card.</summary>
internal sealed record CardToken(string ProviderToken, string? Brand, string? Last4);

/// <summary>The shop's own tokens. Each stands for one of the provider's for a day, so that a page never has to keep the latter.</summary>
internal static class CardTokens
{
    public const string Prefix = "ptk_";

    private const int LengthMax = 200;
    private const string Alphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public static readonly TimeSpan Keep = TimeSpan.FromHours(24);

    public static async Task<string> CreateAsync(Database database, string providerToken, ProviderCard card, DateTimeOffset now, CancellationToken cancellation)
    {
        var id = Prefix + RandomNumberGenerator.GetString(Alphabet, 32);
        await database.WriteAsync(
            async (transaction, token) =>
            {
                await transaction.Command("delete from card_tokens where id in (select id from card_tokens where expires_at < $1 limit 100)", now).ExecuteAsync(token);
                await transaction.Command("insert into card_tokens (id, provider_token, brand, last4, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
                    id, providerToken, card.Brand, card.Last4, now, now + Keep).ExecuteAsync(token);
            },
            cancellation);
        return id;
    }

    /// <summary>The card behind one of ours, or the provider's own token as it is. Null: neither.</summary>
    public static async Task<CardToken?> ResolveAsync(NpgsqlTransaction transaction, string? token, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!IsToken(token))
        {
            return null;
        }

        return !token!.StartsWith(Prefix, StringComparison.Ordinal)
            ? new CardToken(token, null, null)
            : await transaction.Command("select provider_token, brand, last4 from card_tokens where id = $1 and expires_at > $2", token, now)
                .OneAsync(row => new CardToken(row.GetString(0), row.GetString(1), row.GetString(2)), cancellation);
    }

    public static bool IsToken(string? token) =>
        token is { Length: >= 4 and <= LengthMax } && token.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-') && !CardScan.Holds(token);
}
