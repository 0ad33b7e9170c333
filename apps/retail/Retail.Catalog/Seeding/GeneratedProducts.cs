using System.Globalization;
using Retail.Catalog.Products;

namespace Retail.Catalog.Seeding;

/// <summary>Products made of the words of a shop. The number decides everything, so the same number is the same product everywhere.</summary>
internal static class GeneratedProducts
{
    private static readonly string[] s_styles =
    [
        "Alpine", "Nordic", "Compact", "Classic", "Modern", "Rustic", "Foldable", "Insulated", "Handmade", "Recycled", "Urban", "Coastal", "Vintage", "Minimal", "Heavy", "Light",
        "Quiet", "Bright", "Soft", "Sturdy", "Slim", "Wide", "Travel", "Family", "Studio", "Garden", "Winter", "Summer", "Everyday", "Premium", "Simple", "Smart",
    ];

    private static readonly (string En, string De)[] s_things =
    [
        ("Backpack", "Rucksack"), ("Lantern", "Laterne"), ("Teapot", "Teekanne"), ("Notebook", "Notizbuch"), ("Speaker", "Lautsprecher"), ("Blanket", "Decke"), ("Bottle", "Flasche"),
        ("Cushion", "Kissen"), ("Skillet", "Pfanne"), ("Bowl", "Schüssel"), ("Mug", "Becher"), ("Clock", "Uhr"), ("Basket", "Korb"), ("Vase", "Vase"), ("Shelf", "Regal"), ("Stool", "Hocker"),
        ("Lamp", "Lampe"), ("Rug", "Teppich"), ("Tray", "Tablett"), ("Jug", "Krug"), ("Knife", "Messer"), ("Helmet", "Helm"), ("Gloves", "Handschuhe"), ("Scarf", "Schal"), ("Jacket", "Jacke"),
        ("Tent", "Zelt"), ("Stove", "Kocher"), ("Hammock", "Hängematte"), ("Puzzle", "Puzzle"), ("Kite", "Drachen"), ("Charger", "Ladegerät"), ("Keyboard", "Tastatur"), ("Headphones", "Kopfhörer"),
        ("Umbrella", "Regenschirm"), ("Wallet", "Geldbörse"), ("Towel", "Handtuch"), ("Candle", "Kerze"), ("Mirror", "Spiegel"), ("Toolbox", "Werkzeugkasten"), ("Planter", "Pflanzgefäß"),
    ];

    private static readonly string[] s_materials = ["steel", "oak", "linen", "wool", "glass", "stoneware", "bamboo", "cotton", "aluminium", "leather", "cork", "ceramic"];
    private static readonly string[] s_colors = ["black", "white", "sand", "forest", "ocean", "rust", "slate", "mustard"];
    private static readonly string[] s_series = ["Aster", "Birch", "Cedar", "Dune", "Ember", "Fjord", "Grove", "Harbor", "Iris", "Juniper", "Kestrel", "Linden", "Meadow", "Nimbus", "Orchard", "Pebble"];

    public static string Sku(int number) => string.Create(CultureInfo.InvariantCulture, $"GEN-{number:D7}");

    public static Guid Vendor(int number, SeedFile file) => file.Vendors[Spread(number, 1, file.Vendors.Count)].Id;

    public static ProductContent Content(int number, SeedFile file)
    {
        var leaves = file.Categories.Where(category => category.Parent is not null).ToList();
        var (thing, style) = (s_things[Spread(number, 2, s_things.Length)], s_styles[Spread(number, 3, s_styles.Length)]);
        var (material, series) = (s_materials[Spread(number, 4, s_materials.Length)], s_series[Spread(number, 5, s_series.Length)]);
        var price = 490 + (Spread(number, 6, 300) * 100L);
        return new ProductContent
        {
            Name = $"{style} {thing.En} {series}",
            NameDe = $"{thing.De} {series}",
            Description = $"A {style.ToLowerInvariant()} {thing.En.ToLowerInvariant()} of {material} from the {series} series.",
            DescriptionDe = $"{thing.De} aus der Serie {series}.",
            Category = leaves[Spread(number, 7, leaves.Count)].Slug,
            Attributes = new Dictionary<string, string> { ["material"] = material, ["series"] = series },
            Variants = [new Variant { Sku = Sku(number), PriceMinor = price, Attributes = new Dictionary<string, string> { ["color"] = s_colors[Spread(number, 8, s_colors.Length)] } }],
        };
    }

    /// <summary>A number below the count that looks like chance but follows from product and purpose.</summary>
    private static int Spread(int number, int purpose, int count)
    {
        var mixed = (uint)number * 2_654_435_761u ^ (uint)purpose * 2_246_822_519u;
        mixed = (mixed ^ (mixed >> 15)) * 2_246_822_519u;
        mixed = (mixed ^ (mixed >> 13)) * 3_266_489_917u;
        return (int)((mixed ^ (mixed >> 16)) % (uint)count);
    }
}
