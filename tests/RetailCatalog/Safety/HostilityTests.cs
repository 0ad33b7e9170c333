using FsCheck;
using FsCheck.Fluent;
using Retail.Catalog.Transfer;
using Slipway.RetailCatalog.Tests.Scenes;
using Slipway.Sdk.Tables;
using System.Text;

namespace Slipway.RetailCatalog.Tests.Safety;

public sealed class HostilityTests(CatalogScene scene) : IClassFixture<CatalogScene>
{
    private static readonly string[] s_poison =
    [
        "null", "true", "-1", "1e400", "99999999999999999999", "0.001", "\"\"", "\" \"", "[]", "{}", "[null]", "[{}]", "\"\\u0000\"", "\"\\ud800\"", "\"'; drop table products; --\"",
        "{\"de\":null}", "{\"de\":{\"name\":\"\\ud800\"}}", "{\"a\":null}", "{\"\":\"x\"}", "{\"a\\u0000\":\"x\"}", "[{\"sku\":\"A\",\"price\":1},{\"sku\":\"A\",\"price\":1}]",
        "[{\"sku\":\"HOST-1\",\"price\":\"1\"}]", "\"00000000-0000-0000-0000-000000000000\"", "\"" + new string('x', 12_000) + "\"", "\"cookware\"", "12.5", "\"EUR\"",
    ];

    private static readonly string[] s_names =
        ["name", "sku", "description", "category", "price", "currency", "vendor_id", "attributes", "active", "variants", "translations", "id", "version", "", "\\u0000"];

    [Fact]
    public async Task No_body_makes_the_service_stumble()
    {
        var vendor = scene.Vendor();
        var created = await vendor.OfferAsync("Target");
        var bodies = Properties.Examples(Bodies(), 150);
        var at = 0;
        foreach (var body in bodies)
        {
            var answer = (at++ % 4) switch
            {
                0 => await vendor.SendAsync("PUT", created.Path(), body, ("If-Match", "\"1\"")),
                1 => await vendor.SendAsync("PATCH", created.Path(), body, ("If-Match", "\"1\"")),
                2 => await vendor.SendAsync("PATCH", created.Path() + "/price", body, ("If-Match", "\"1\"")),
                _ => await vendor.SendAsync("POST", "/api/v1/products", body),
            };
            Assert.True(answer.Status < 500, $"{Encoding.UTF8.GetString(body)} → {answer.Status} {answer.Body}");
        }
    }

    [Fact]
    public async Task No_search_makes_the_service_stumble()
    {
        var typed = Properties.Examples(Gen.Elements(" ", "a", "'", "\"", "&", "|", "!", ":*", "(", ")", "\\", "%", "_", "é", "ß", "日本", "\U0001F600", "<->", "the", "pan", "1").SelectMany(_ =>
            Gen.ArrayOf(Gen.Elements("a", "'", "\"", " ", "&", "|", "!", ":*", "(", ")", "\\", "%", "é", "ß", "日本", "\U0001F600", "<->", "the", "pan", "1"))), 60);
        foreach (var text in typed.Select(parts => string.Concat(parts.Take(30))))
        {
            foreach (var path in new[] { "/api/v1/products/search", "/api/v1/products/suggest" })
            {
                var answer = await scene.Nobody().GetAsync($"{path}?q={Uri.EscapeDataString(text)}");
                Assert.True(answer.Status == 200, $"{text} → {answer.Body}");
            }
        }
    }

    [Fact]
    public void Any_text_is_read_as_a_table_or_refused_and_what_is_written_is_read_back()
    {
        var pieces = Gen.Elements("a", ",", "\"", "\r\n", "\n", "\r", "'", "=", "é", "sku", "\uFEFF", " ");
        Properties.Hold(Gen.ArrayOf(pieces), parts =>
        {
            var records = new List<(int Line, string[] Fields)>();
            _ = CsvText.Read(string.Concat(parts), 1_000, records);
            return records.Count <= 1_000;
        });
        Properties.Hold(Gen.ArrayOf(Gen.ArrayOf(pieces)), cells =>
        {
            var fields = cells.Select(parts => CsvText.Guard(string.Concat(parts))).Take(20).Prepend("first").ToArray();
            var text = new StringBuilder();
            CsvText.Write(text, fields);
            var records = new List<(int Line, string[] Fields)>();
            return CsvText.Read(text.ToString(), 10, records) is null && records.Count == 1 && records[0].Fields.SequenceEqual(fields);
        });
        Properties.Hold(Gen.ArrayOf(pieces).Select(parts => string.Concat(parts)), text => CsvText.Unguard(CsvText.Guard(text)) == text);
    }

    private static Gen<byte[]> Bodies() => Gen.Frequency(
        (1, Gen.ArrayOf(Gen.Choose(0, 255).Select(value => (byte)value))),
        (6, Objects().Select(Encoding.UTF8.GetBytes)),
        (1, from text in Objects() from at in Gen.Choose(0, 40) select Encoding.UTF8.GetBytes(text[..Math.Min(at, text.Length)])));

    private static Gen<string> Objects() =>
        from good in Gen.Elements(true, false)
        from count in Gen.Choose(1, 4)
        from members in Gen.ArrayOf(from name in Gen.Elements(s_names) from value in Gen.Elements(s_poison) select $"\"{name}\":{value}", count)
        let all = good ? members.Concat(["\"name\":\"x\"", "\"category\":\"cookware\"", "\"price\":1"]).DistinctBy(member => member.Split(':')[0]) : members
        select "{" + string.Join(',', all) + "}";
}
