using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Slipway.Sdk.Database;

namespace Retail.Orders.People;

/// <summary>
/// What lets somebody without an account come back to their order. The token follows from the order and a key, so a repeated
/// request gets the same one without it being stored; stored is its hash.
/// </summary>
internal sealed class GuestTokens(byte[] key)
{
    public const string Header = "X-Guest-Token";

    public string Of(Guid orderId) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"guest of order\n{orderId}")));

    public Task AddAsync(NpgsqlTransaction transaction, Guid orderId, CancellationToken cancellation) =>
        transaction.Command("insert into order_guests (order_id, token_hash) values ($1, $2)", orderId, Hash(Of(orderId))).ExecuteAsync(cancellation);

    public static async Task<bool> FitsAsync(NpgsqlConnection connection, Guid orderId, string token, CancellationToken cancellation) =>
        await connection.Command("select token_hash from order_guests where order_id = $1", orderId).OneAsync(row => row.GetFieldValue<byte[]>(0), cancellation) is { } hash
        && CryptographicOperations.FixedTimeEquals(hash, Hash(token));

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
