using Npgsql;
using Slipway.Sdk.Database;

namespace Retail.Catalog.Categories;

/// <summary>The tree as it was last read. Categories change rarely, so it is kept until somebody says that they did.</summary>
internal sealed class CategoryShelf(Database database, TimeProvider time)
{
    /// <summary>Should word of a change be lost, this is how long the old tree is used.</summary>
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(30);

    private Kept? _kept;

    public async ValueTask<CategoryTree> TreeAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _kept) is { } kept && time.GetElapsedTime(kept.At) < s_lifetime)
        {
            return kept.Tree;
        }

        var at = time.GetTimestamp();
        var tree = await database.ReadAsync(ReadAsync, cancellation);
        Volatile.Write(ref _kept, new Kept(tree, at));
        return tree;
    }

    public void Forget() => Volatile.Write(ref _kept, null);

    public static async Task<CategoryTree> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation) => new(
        await connection.Command("select slug, parent, name, name_de, position from categories").ListAsync(
            row => new Category(row.GetString(0), row.TextOrNull(1), row.GetString(2), row.TextOrNull(3), row.GetInt32(4)), cancellation));

    public static async Task SaveAsync(NpgsqlTransaction transaction, Category category, CancellationToken cancellation) =>
        await transaction.Command(
            """
            insert into categories (slug, parent, name, name_de, position) values ($1, $2, $3, $4, $5)
            on conflict (slug) do update set parent = excluded.parent, name = excluded.name, name_de = excluded.name_de, position = excluded.position
            """,
            category.Slug, category.Parent, category.Name, category.NameDe, category.Position).ExecuteAsync(cancellation);

    private sealed record Kept(CategoryTree Tree, long At);
}
