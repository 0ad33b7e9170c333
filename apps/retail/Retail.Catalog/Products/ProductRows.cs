using System.Text.Json;
using Npgsql;
using Retail.Catalog.Endpoints;
using Slipway.Sdk.Database;

namespace Retail.Catalog.Products;

/// <summary>Reads products with their variants and what is known of their stock.</summary>
internal static class ProductRows
{
    private const string Columns =
        """
        p.id, p.vendor_id, n.name, p.category, p.name, p.name_de, p.description, p.description_de, p.attributes::text, p.active, p.image, p.in_stock,
        p.stock_version, p.version, p.created_at, p.updated_at, p.deleted_at, x.skus, x.names, x.prices, x.currencies, x.attributes, x.available
        """;

    private const string Joined =
        """
        left join vendors n on n.id = p.vendor_id
        cross join lateral (
            select array_agg(v.sku order by v.position) as skus, array_agg(v.name order by v.position) as names,
                array_agg(v.price_minor order by v.position) as prices, array_agg(v.currency order by v.position) as currencies,
                array_agg(v.attributes::text order by v.position) as attributes, array_agg(h.available order by v.position) as available
            from variants v left join stock_hints h on h.sku = v.sku where v.product_id = p.id
        ) x
        """;

    public static Task<Product?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation) =>
        connection.Command($"select {Columns} from products p {Joined} where p.id = $1 and p.deleted_at is null", id).OneAsync(Read, cancellation);

    public static Task<Product?> FindAsync(NpgsqlConnection connection, string sku, CancellationToken cancellation) =>
        connection.Command(
            $"select {Columns} from products p {Joined} where p.id = (select product_id from variants where sku = $1) and p.deleted_at is null", sku)
            .OneAsync(Read, cancellation);

    /// <summary>For a change: nobody else changes it until this transaction ends. Also finds what was deleted.</summary>
    public static async Task<Product?> LockAsync(NpgsqlTransaction transaction, Guid id, CancellationToken cancellation)
    {
        // The lock comes first, so that the variants read afterwards are those of the version that was waited for.
        await transaction.Command("select 1 from products where id = $1 for update", id).ExecuteAsync(cancellation);
        return await transaction.Command($"select {Columns} from products p {Joined} where p.id = $1", id).OneAsync(Read, cancellation);
    }

    /// <summary>In the order of the ids.</summary>
    public static async Task<List<Product>> ListAsync(NpgsqlConnection connection, IReadOnlyCollection<Guid> ids, CancellationToken cancellation) =>
        ids.Count == 0
            ? []
            : await connection.Command(
                $"select {Columns} from unnest($1::uuid[]) with ordinality i(id, place) join products p on p.id = i.id {Joined} where p.deleted_at is null order by i.place",
                ids).ListAsync(Read, cancellation);

    /// <summary>A stretch of products by id, for files.</summary>
    public static Task<List<Product>> AfterAsync(NpgsqlConnection connection, Guid after, Guid? vendor, int count, CancellationToken cancellation) =>
        connection.Command(
            $"""
            select {Columns} from (
                select * from products where id > $1 and deleted_at is null and ($2::uuid is null or vendor_id = $2) order by id limit $3
            ) p {Joined} order by p.id
            """,
            after, vendor, count).ListAsync(Read, cancellation);

    private static Product Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        VendorId = row.GetGuid(1),
        VendorName = row.TextOrNull(2),
        Content = new ProductContent
        {
            Category = row.GetString(3),
            Name = row.GetString(4),
            NameDe = row.TextOrNull(5),
            Description = row.GetString(6),
            DescriptionDe = row.TextOrNull(7),
            Attributes = Attributes(row.GetString(8)),
            Active = row.GetBoolean(9),
            Variants = Variants(row),
        },
        Image = row.TextOrNull(10),
        InStock = row.GetBoolean(11),
        StockVersion = row.GetInt64(12),
        Version = row.GetInt64(13),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(14),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(15),
        DeletedAt = row.OrNull<DateTimeOffset>(16),
    };

    private static Variant[] Variants(NpgsqlDataReader row)
    {
        if (row.IsDBNull(17))
        {
            return [];
        }

        var skus = row.GetFieldValue<string[]>(17);
        var names = row.GetFieldValue<string?[]>(18);
        var prices = row.GetFieldValue<long[]>(19);
        var currencies = row.GetFieldValue<string[]>(20);
        var attributes = row.GetFieldValue<string[]>(21);
        var available = row.GetFieldValue<long?[]>(22);
        return [.. skus.Select((sku, at) => new Variant
        {
            Sku = sku,
            Name = names[at],
            PriceMinor = prices[at],
            Currency = currencies[at],
            Attributes = Attributes(attributes[at]),
            Available = available[at],
        })];
    }

    private static SortedDictionary<string, string> Attributes(string json) =>
        json == "{}" ? [] : JsonSerializer.Deserialize(json, CatalogJson.Default.SortedDictionaryStringString)!;
}
