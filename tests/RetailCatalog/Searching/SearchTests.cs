using Slipway.RetailCatalog.Tests.Scenes;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailCatalog.Tests.Searching;

public sealed class SearchTests(FilledScene scene) : IClassFixture<FilledScene>
{
    private const string Search = "/api/v1/products/search";

    [Theory]
    [InlineData("teapot", "Cast Iron Teapot")]
    [InlineData("Teekanne", "Cast Iron Teapot")]
    [InlineData("KNIFE-CHEF-OAK", "Chef's Knife")]
    [InlineData("hiking socks", "Merino Hiking Socks")]
    [InlineData("the tent", "Two Person Tent")]
    [InlineData("headph", "Wireless Headphones")]
    [InlineData("knives", "Chef's Knife")]
    public async Task What_was_meant_comes_first(string typed, string name) =>
        Assert.Equal(name, (await GetAsync($"?q={Uri.EscapeDataString(typed)}")).Names()[0]);

    [Theory]
    [InlineData("hedphones", "Wireless Headphones")]
    [InlineData("tepot", "Cast Iron Teapot")]
    [InlineData("kopfhörrer", "Wireless Headphones")]
    [InlineData("backpak treking", "Trekking Backpack")]
    [InlineData("notebok", "Dotted Notebook")]
    public async Task A_misspelt_word_still_finds_and_the_answer_says_what_was_looked_for(string typed, string name)
    {
        var answer = await GetAsync($"?q={Uri.EscapeDataString(typed)}");

        Assert.Contains(name, answer.Names());
        Assert.NotEmpty(answer.Json().GetProperty("corrections").EnumerateArray());
    }

    [Theory]
    [InlineData("qqqqxyz")]
    [InlineData("???")]
    [InlineData("'; drop table products; --")]
    [InlineData("a:* & !b | (c")]
    public async Task Nonsense_finds_nothing_and_breaks_nothing(string typed)
    {
        var answer = await GetAsync($"?q={Uri.EscapeDataString(typed)}");

        Assert.Equal(200, answer.Status);
        Assert.NotEqual("0", await scene.Database.TextAsync("select count(*) from products"));
    }

    [Fact]
    public async Task Facets_count_what_a_list_could_be_narrowed_by_and_ignore_their_own_choice()
    {
        var all = await GetAsync("");
        var kitchen = await GetAsync("?category=kitchen");
        var black = await GetAsync("?category=kitchen&attributes=color:black");

        Assert.Equal(all.Facet("category").Counts()["kitchen"], kitchen.Json().GetProperty("total").GetInt64());
        Assert.Equal(all.Facet("category").Counts(), kitchen.Facet("category").Counts());
        Assert.Equal(kitchen.Facet("attributes", "color").Counts(), black.Facet("attributes", "color").Counts());
        Assert.Equal(kitchen.Facet("attributes", "color").Counts()["black"], black.Json().GetProperty("total").GetInt64());
        Assert.True(black.Facet("vendor").Counts().Values.Sum() == black.Json().GetProperty("total").GetInt64());
        Assert.Equal(65, all.Facet("price").Counts().Values.Sum());
        Assert.Contains(all.Facet("vendor").GetProperty("values").EnumerateArray(), value => value.Text("label") == "Alder & Anvil");
        Assert.True(black.Facet("attributes", "color").GetProperty("values")[0].GetProperty("selected").GetBoolean());
        Assert.True(all.Json().GetProperty("facetsExact").GetBoolean());
    }

    [Fact]
    public async Task A_choice_nothing_is_left_of_is_still_shown()
    {
        var answer = await GetAsync("?q=teapot&attributes=color:purple&category=audio");

        Assert.Empty(answer.Names());
        Assert.Equal(0, answer.Facet("attributes", "color").Counts()["purple"]);
        Assert.Equal(0, answer.Facet("category").Counts()["audio"]);
    }

    [Fact]
    public async Task Lists_are_narrowed_by_all_that_is_chosen()
    {
        var cheap = Person.Expect(await scene.Nobody().GetAsync("/api/v1/products?maxPrice=20&minPrice=10&sort=-price&pageSize=100"), 200).GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("price").GetDecimal()).ToList();
        Assert.NotEmpty(cheap);
        Assert.All(cheap, price => Assert.InRange(price, 10m, 20m));
        Assert.Equal(cheap.OrderDescending(), cheap);

        var either = (await scene.Nobody().GetAsync("/api/v1/products?attributes=nib:F,color:lime&pageSize=100")).Names();
        Assert.Empty(either);
        var pens = (await scene.Nobody().GetAsync("/api/v1/products?attributes=nib:F,nib:M")).Names();
        Assert.Equal(["Fountain Pen"], pens);
        var named = (await scene.Nobody().GetAsync("/api/v1/products?sort=name&pageSize=100")).Names();
        Assert.Equal(named.OrderBy(name => name.ToLowerInvariant(), StringComparer.Ordinal).Count(), named.Distinct().Count());
        Assert.Empty((await scene.Nobody().GetAsync("/api/v1/products?category=no-such-category")).Names());
    }

    [Fact]
    public async Task Pages_hold_every_product_once()
    {
        var seen = new List<string>();
        for (var page = 1; page <= 4; page++)
        {
            var answer = await scene.Nobody().GetAsync($"/api/v1/products?page={page}&pageSize=20");
            Assert.Equal(65, answer.Json().GetProperty("total").GetInt64());
            seen.AddRange(answer.Names());
        }

        Assert.Equal(65, seen.Distinct().Count());
        var beyond = await scene.Nobody().GetAsync("/api/v1/products?page=50&pageSize=20");
        Assert.Empty(beyond.Names());
        Assert.Equal(65, beyond.Json().GetProperty("total").GetInt64());
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=101&pageSize=100", "page")]
    [InlineData("pageSize=101", "pageSize")]
    [InlineData("minPrice=ten", "minPrice")]
    [InlineData("minPrice=5&maxPrice=4", "minPrice")]
    [InlineData("vendor=me", "vendor")]
    [InlineData("inStock=perhaps", "inStock")]
    [InlineData("attributes=color", "attributes")]
    [InlineData("sort=popularity", "sort")]
    [InlineData("active=maybe", "active")]
    public async Task A_wrong_filter_is_named(string query, string parameter) =>
        Assert.Equal([parameter], (await scene.Nobody().GetAsync("/api/v1/products?" + query)).ErrorsAt());

    [Fact]
    public async Task The_first_letters_suggest_categories_and_products()
    {
        var items = Person.Expect(await scene.Nobody().GetAsync("/api/v1/products/suggest?q=cam"), 200).GetProperty("items").EnumerateArray().ToList();

        Assert.Contains(items, item => item.Text("kind") == "category" && item.Text("slug") == "camping");
        Assert.Contains(items, item => item.Text("kind") == "product" && item.Text("text") == "Gas Camping Stove");
        Assert.Empty(Person.Expect(await scene.Nobody().GetAsync("/api/v1/products/suggest"), 200).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task The_shop_opens_with_pictures_and_filling_it_again_changes_nothing()
    {
        var product = Person.Expect(await scene.Nobody().GetAsync("/api/v1/products?q=teapot"), 200).GetProperty("items")[0];

        var image = await scene.Nobody().GetAsync(product.Text("imageUrl"));

        Assert.Equal((200, "image/png"), (image.Status, image.Header("Content-Type")));
        Assert.Contains("immutable", image.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal(304, (await scene.Nobody().GetAsync(product.Text("imageUrl"), ("If-None-Match", image.ETag()))).Status);
        Assert.Equal("65", await scene.Database.TextAsync("select count(*) from slipway.outbox where topic = 'product-events'"));
    }

    private Task<Answer> GetAsync(string query) => scene.Nobody().GetAsync(Search + query);
}
