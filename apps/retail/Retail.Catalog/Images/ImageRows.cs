using System.Security.Cryptography;
using Npgsql;
using Slipway.Sdk.Database;

namespace Retail.Catalog.Images;

internal sealed record StoredImage(string Hash, string MediaType, byte[] Bytes);

/// <summary>Pictures, kept beside their products so that a backup has both.</summary>
internal static class ImageRows
{
    public static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];

    public static Task<StoredImage?> FindAsync(NpgsqlConnection connection, Guid product, CancellationToken cancellation) =>
        connection.Command("select hash, media_type, bytes from product_images where product_id = $1", product)
            .OneAsync(row => new StoredImage(row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2)), cancellation);

    public static async Task SaveAsync(NpgsqlTransaction transaction, Guid product, StoredImage image, DateTimeOffset now, CancellationToken cancellation) =>
        await transaction.Command(
            """
            insert into product_images (product_id, hash, media_type, bytes, updated_at) values ($1, $2, $3, $4, $5)
            on conflict (product_id) do update set hash = excluded.hash, media_type = excluded.media_type, bytes = excluded.bytes, updated_at = excluded.updated_at
            """,
            product, image.Hash, image.MediaType, image.Bytes, now).ExecuteAsync(cancellation);

    public static async Task DeleteAsync(NpgsqlTransaction transaction, Guid product, CancellationToken cancellation) =>
        await transaction.Command("delete from product_images where product_id = $1", product).ExecuteAsync(cancellation);
}
