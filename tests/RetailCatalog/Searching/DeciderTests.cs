using FsCheck.Fluent;
using Retail.Catalog.Categories;
using Retail.Catalog.Products;
using Retail.Catalog.Searching;
using Slipway.RetailCatalog.Tests.Safety;

namespace Slipway.RetailCatalog.Tests.Searching;

public sealed class DeciderTests
{
    [Theory]
    [InlineData("Café-Crème 2.0", "café,crème,2,0")]
    [InlineData("  ", "")]
    [InlineData("don't", "don,t")]
    public void Texts_fall_into_words(string text, string words) => Assert.Equal(words, string.Join(',', SearchWords.Of(text)));

    [Fact]
    public void A_query_has_no_operator_that_was_typed() => Properties.Hold(
        Gen.ArrayOf(Gen.Elements('a', '&', '|', '!', '(', ')', ':', '*', '\'', '\\', '<', '>', '-', ' ', 'ß', '\0')).Select(characters => new string(characters)),
        text =>
        {
            var values = new List<object?>();
            var words = SearchWords.Of(text, SearchWords.QueryWordsMax).Select(word => new LookedUpWord(word, true, false, [])).ToList();
            _ = TextQuery.Write(words, values);
            return words.Count <= SearchWords.QueryWordsMax && values.OfType<string>().All(value => value.Replace(":*", "", StringComparison.Ordinal).All(char.IsLetterOrDigit));
        });

    [Fact]
    public void Whatever_hangs_together_how_walks_through_the_tree_end()
    {
        var slugs = Gen.Elements("a", "b", "c", "d", "e");
        Properties.Hold(Gen.ArrayOf(from slug in slugs from parent in Gen.Elements("a", "b", "c", "d", "e", null) select (slug, parent)), pairs =>
        {
            var tree = new CategoryTree(pairs.DistinctBy(pair => pair.slug).Select(pair => new Category(pair.slug, pair.parent, pair.slug, null, 0)));
            return tree.All.All(category => tree.Path(category.Slug).Count <= CategoryTree.DepthMax && tree.Below(category.Slug).Contains(category.Slug));
        });
    }

    [Fact]
    public void Prices_keep_both_digits_and_skus_their_shape()
    {
        Properties.Hold(Gen.Choose(0, 100_000_000), minor => Prices.Decimal(minor) * 100 == minor && Prices.Decimal(minor).Scale == 2);
        Properties.Hold(Gen.Constant(0).Select(_ => Guid.CreateVersion7()), id => Skus.Read(Skus.Of(id)) == Skus.Of(id));
        Assert.Equal("A-1.B_2", Skus.Read(" a-1.b_2 "));
        Assert.All(["", "ä", "a b", new string('A', 65), "A\nB"], text => Assert.Null(Skus.Read(text)));
    }
}
