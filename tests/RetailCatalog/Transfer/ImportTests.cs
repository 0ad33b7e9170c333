using System.Text;
using Slipway.RetailCatalog.Tests.Scenes;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailCatalog.Tests.Transfer;

public sealed class ImportTests(CatalogScene scene) : IClassFixture<CatalogScene>
{
    private const string Csv = "text/csv";
    private const string Lines = "application/x-ndjson";

    [Fact]
    public async Task A_table_becomes_products_and_rows_that_are_none_are_told()
    {
        var vendor = scene.Vendor();
        const string Table = """"
            product_sku,sku,name,category,price,attributes,variant_name,variant_attributes
            SHIRT,SHIRT-S,Shirt,textiles,19.90,material=cotton,Small,size=S
            SHIRT,SHIRT-M,,,20.90,,Medium,size=M
            ,CAP-1,"Cap, ""red""",textiles,9,,,
            ,CAP-2,No category,nowhere,9,,,
            ,CAP-3,Free of charge?,textiles,cheap,,,

            ,CAP-4,Cap,textiles,5,color=a\;b,,
            """";

        var report = Person.Expect(await SendAsync(vendor, Table, Csv), 200);

        Assert.Equal((5, 3, 2), (report.GetProperty("products").GetInt32(), report.GetProperty("created").GetInt32(), report.GetProperty("rejected").GetInt32()));
        Assert.Equal(
            [(5, "/category"), (6, "/price")],
            report.GetProperty("errors").EnumerateArray().Select(row => (row.GetProperty("row").GetInt32(), row.GetProperty("errors")[0].Text("pointer"))));
        var shirt = Person.Expect(await scene.Nobody().GetAsync("/api/v1/products/sku/SHIRT-M"), 200);
        Assert.Equal(("Shirt", "19.90", 2), (shirt.Text("name"), shirt.GetProperty("price").GetRawText(), shirt.GetProperty("variants").GetArrayLength()));
        Assert.Equal("a;b", Person.Expect(await scene.Nobody().GetAsync("/api/v1/products/sku/CAP-4"), 200).GetProperty("attributes").Text("color"));
        Assert.Equal("Cap, \"red\"", Person.Expect(await scene.Nobody().GetAsync("/api/v1/products/sku/CAP-1"), 200).Text("name"));
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing_and_a_changed_one_only_what_changed()
    {
        var vendor = scene.Vendor();
        var file = string.Join('\n', Enumerable.Range(1, 55).Select(number => $$"""{"sku":"AGAIN-{{number}}","name":"Thing {{number}}","category":"toys","price":{{number}}}"""));

        var first = Person.Expect(await SendAsync(vendor, file, Lines), 200);
        var second = Person.Expect(await SendAsync(vendor, file, Lines), 200);
        var third = Person.Expect(await SendAsync(vendor, file.Replace("\"price\":7}", "\"price\":7.5}", StringComparison.Ordinal), Lines), 200);

        Assert.Equal(55, first.GetProperty("created").GetInt32());
        Assert.Equal((0, 0, 55), Tally(second));
        Assert.Equal((0, 1, 54), Tally(third));
        Assert.Equal("56", await scene.Database.TextAsync("select count(*) from price_changes where sku like 'AGAIN-%'"));
    }

    [Fact]
    public async Task A_product_of_somebody_else_is_a_rejected_row_and_leaves_no_trace()
    {
        await scene.Vendor().OfferAsync("Theirs", "\"sku\":\"THEIRS-1\"");
        const string File = """
            {"sku":"THEIRS-1","name":"Mine now","category":"toys","price":1}
            {"sku":"MINE-1","name":"Mine","category":"toys","variants":[{"sku":"MINE-1","price":1},{"sku":"THEIRS-1","price":1}]}
            {"sku":"MINE-2","name":"Mine too","category":"toys","price":1}
            not json
            {"sku":"MINE-3","name":"Mine","category":"toys","price":1,"colour":"red"}
            """;

        var report = Person.Expect(await SendAsync(scene.Vendor(), File, Lines), 200);

        Assert.Equal(
            [(1, "forbidden"), (2, "skuTaken"), (4, "unreadable"), (5, "unreadable")],
            report.GetProperty("errors").EnumerateArray().Select(row => (row.GetProperty("row").GetInt32(), row.GetProperty("errors")[0].Text("code"))));
        Assert.Equal(1, report.GetProperty("created").GetInt32());
        Assert.Equal("Theirs", Person.Expect(await scene.Nobody().GetAsync("/api/v1/products/sku/THEIRS-1"), 200).Text("name"));
        (await scene.Nobody().GetAsync("/api/v1/products/sku/MINE-1")).Problem(404);
        Assert.Equal("0", await scene.Database.TextAsync("select count(*) from price_changes where sku = 'MINE-1'"));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public async Task What_is_exported_can_be_imported_as_it_was(string format)
    {
        var vendor = scene.Vendor();
        await vendor.OfferAsync(
            "=Risky name", "\"sku\":\"X" + format.ToUpperInvariant() + "\",\"description\":\"Two\\nlines, \\\"quoted\\\"\",\"attributes\":{\"a\":\"x;y\\\\z\"},\"translations\":{\"de\":{\"name\":\"Riskant\"}}");
        await vendor.OfferAsync("Plain", $"\"variants\":[{{\"sku\":\"Y{format}-1\",\"price\":19.9,\"attributes\":{{\"size\":\"S\"}}}},{{\"sku\":\"Y{format}-2\",\"price\":3,\"name\":\"Big\"}}]");
        await scene.Vendor().OfferAsync("Of others");

        var file = await vendor.GetAsync("/api/v1/products/export?format=" + format);
        var report = Person.Expect(await SendAsync(vendor, file.Body, format == "csv" ? Csv : Lines), 200);

        Assert.DoesNotContain("Of others", file.Body, StringComparison.Ordinal);
        Assert.Equal((0, 0, 2), Tally(report));
        if (format == "csv")
        {
            Assert.Contains("'=Risky name", file.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Administrators_export_everything_and_vendors_nothing_of_others()
    {
        await scene.Vendor().OfferAsync("Common");

        Assert.Contains("Common", (await scene.Admin().GetAsync("/api/v1/products/export")).Body, StringComparison.Ordinal);
        (await scene.Vendor().GetAsync($"/api/v1/products/export?vendor={Guid.NewGuid()}")).Problem(403);
    }

    [Theory]
    [InlineData("", Csv)]
    [InlineData("name,price\r\nx,1", Csv)]
    [InlineData("sku,colour\r\nx,1", Csv)]
    [InlineData("sku\r\n\"x", Csv)]
    [InlineData("sku\r\na\"x", Csv)]
    public async Task A_file_that_is_no_table_is_refused_as_a_whole(string file, string type) =>
        (await SendAsync(scene.Vendor(), file, type)).Problem(400, "unreadableFile");

    [Fact]
    public async Task Files_of_other_kinds_and_sizes_are_refused()
    {
        var vendor = scene.Vendor();

        (await SendAsync(vendor, "x", "application/json")).Problem(415, "unsupportedMediaType");
        (await SendAsync(vendor, string.Concat(Enumerable.Repeat("{}\n", 5_001)), Lines)).Problem(400, "unreadableFile");
        (await vendor.SendAsync("POST", "/api/v1/products/import", [0xFF, 0xFE, 0x41], ("Content-Type", Csv))).Problem(400, "unreadable");
        (await vendor.SendAsync("POST", "/api/v1/products/import", new byte[(8 * 1024 * 1024) + 1], ("Content-Type", Csv))).Problem(413, "tooLarge");
    }

    private static (int Created, int Updated, int Unchanged) Tally(System.Text.Json.JsonElement report) =>
        (report.GetProperty("created").GetInt32(), report.GetProperty("updated").GetInt32(), report.GetProperty("unchanged").GetInt32());

    private static Task<Answer> SendAsync(Person person, string file, string type) =>
        person.SendAsync("POST", "/api/v1/products/import", Encoding.UTF8.GetBytes(file), ("Content-Type", type));
}
