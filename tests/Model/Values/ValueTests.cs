using FsCheck;
using FsCheck.Fluent;
using Slipway.Model.Values;

namespace Slipway.Model.Tests.Values;

public sealed class ValueTests
{
    [Theory]
    [InlineData("1", 1, 1)]
    [InlineData("500m", 0.5, 1)]
    [InlineData("0.1", 0.1, 1)]
    [InlineData(".5", 0.5, 1)]
    [InlineData("256Mi", 268435456, 268435456)]
    [InlineData("1Gi", 1073741824, 1073741824)]
    [InlineData("1.5Ki", 1536, 1536)]
    [InlineData("1k", 1000, 1000)]
    [InlineData("1e3", 1000, 1000)]
    [InlineData("2E", 2e18, 2000000000000000000)]
    [InlineData("100n", 0.0000001, 1)]
    [InlineData("-1", -1, -1)]
    public void A_quantity_is_read_exactly(string text, double number, long bytes)
    {
        Assert.Equal(number, Quantity.Parse(text).Cores, 12);
        Assert.Equal(bytes, Quantity.Parse(text).Bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1 Mi")]
    [InlineData("1mi")]
    [InlineData("1KB")]
    [InlineData("--1")]
    [InlineData("1e999")]
    [InlineData("9999999999999999999999999999E")]
    public void What_is_no_quantity_is_refused(string text) => Assert.False(Quantity.TryParse(text, out _));

    [Fact]
    public void Quantities_survive_writing_and_reading()
    {
        Properties.Hold(Gen.Choose(0, int.MaxValue).Select(number => (long)number * 4096), bytes =>
            Assert.Equal(bytes, Quantity.Parse(Quantity.OfBytes(bytes)).Bytes));
        Properties.Hold(Gen.Choose(0, int.MaxValue), milli =>
            Assert.Equal(milli, Quantity.Parse(Quantity.OfMilli(milli)).Milli));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("300ms", 300)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("-2s", -2_000)]
    [InlineData("1h0m0.25s", 3_600_250)]
    public void A_duration_is_read_as_Go_does(string text, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), GoDuration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("1d")]
    [InlineData("1s2")]
    [InlineData("-")]
    [InlineData("1..5s")]
    [InlineData("99999999999999h")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(GoDuration.TryParse(text, out _));

    [Fact]
    public void Durations_survive_writing_and_reading()
    {
        var ticks = from high in Gen.Choose(int.MinValue, int.MaxValue) from low in Gen.Choose(0, 10_000_000) select ((long)high * 1000) + low;
        Properties.Hold(ticks, some => Assert.Equal(TimeSpan.FromTicks(some), GoDuration.Parse(GoDuration.Format(TimeSpan.FromTicks(some)))));
        Assert.Equal("1h0m0s", GoDuration.Format(TimeSpan.FromHours(1)));
        Assert.Equal("1m30s", GoDuration.Format(TimeSpan.FromSeconds(90)));
        Assert.Equal("1.5ms", GoDuration.Format(TimeSpan.FromMicroseconds(1500)));
        Assert.Equal("0s", GoDuration.Format(TimeSpan.Zero));
    }

    [Theory]
    [InlineData("web", "registry.local:5000", "web", "latest", null)]
    [InlineData("team/web:1.2", "registry.local:5000", "team/web", "1.2", null)]
    [InlineData("ghcr.io/team/web", "ghcr.io", "team/web", "latest", null)]
    [InlineData("localhost:5000/web:1", "localhost:5000", "web", "1", null)]
    [InlineData("localhost/web", "localhost", "web", "latest", null)]
    [InlineData(
        "web:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "registry.local:5000", "web", "1", "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData(
        "web@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "registry.local:5000", "web", null, "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void An_image_reference_is_taken_apart(string text, string registry, string repository, string? tag, string? digest)
    {
        var image = ImageReference.Parse(text, "registry.local:5000").Value;

        Assert.Equal(new ImageReference(registry, repository, tag, digest), image);
        Assert.Equal(image, ImageReference.Parse(image.ToString(), "other").Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Web")]
    [InlineData("web:")]
    [InlineData("web:-x")]
    [InlineData("web@sha256:abc")]
    [InlineData("web//x")]
    [InlineData("/web")]
    [InlineData("a b")]
    [InlineData("https://ghcr.io/web")]
    [InlineData("dotnet://src/Web")]
    public void What_is_no_image_reference_is_refused(string text) =>
        Assert.Equal("image-reference-invalid", ImageReference.Parse(text, "docker.io").Failure!.Code);

    [Fact]
    public void A_project_is_recognised_by_its_scheme()
    {
        Assert.True(ImageReference.IsProject("dotnet://src/Web"));
        Assert.Equal("src/Web", ImageReference.ProjectPath("dotnet://src/Web"));
        Assert.Null(ImageReference.ProjectPath("dotnet://"));
        Assert.False(ImageReference.IsProject("web"));
    }

    [Fact]
    public void Revision_names_count_and_stay_within_a_label()
    {
        Assert.Equal("web-00001", RevisionNames.For("web", 1));
        Assert.Equal("web-123456", RevisionNames.For("web", 123456));
        var name = RevisionNames.For(new string('a', 60), 7);
        Assert.Equal(63, name.Length);
        Assert.Equal(new string('a', 25) + "cc7ed669cf88f201c3297c6a91e1d18d" + "-00007", name);
        Assert.NotEqual(RevisionNames.For(new string('a', 60), 7), RevisionNames.For(new string('a', 61), 7));
        Assert.True(Names.IsDns1035Label(name));
    }

    [Fact]
    public void Generated_names_use_the_safe_letters_and_fit()
    {
        Properties.Hold(Gen.Choose(0, int.MaxValue), seed =>
        {
            var name = GeneratedNames.Complete(new string('p', 70), new Random(seed));
            Assert.Equal(63, name.Length);
            Assert.All(GeneratedNames.Suffix(new Random(seed)), letter => Assert.Contains(letter, "bcdfghjklmnpqrstvwxz2456789"));
            Assert.Equal(name[^5..], GeneratedNames.Suffix(new Random(seed)));
        });
    }

    [Theory]
    [InlineData("a", true, true, true)]
    [InlineData("a-1", true, true, true)]
    [InlineData("1a", false, true, true)]
    [InlineData("a.b", false, false, true)]
    [InlineData("a-", false, false, false)]
    [InlineData("A", false, false, false)]
    [InlineData("", false, false, false)]
    [InlineData("a\n", false, false, false)]
    public void Names_belong_to_their_classes(string name, bool dns1035, bool dns1123, bool subdomain)
    {
        Assert.Equal(dns1035, Names.IsDns1035Label(name));
        Assert.Equal(dns1123, Names.IsDns1123Label(name));
        Assert.Equal(subdomain, Names.IsDns1123Subdomain(name));
    }

    [Fact]
    public void Labels_longer_than_63_are_refused_in_the_words_of_Kubernetes()
    {
        Assert.Equal(["must be no more than 63 characters"], Names.Dns1035LabelProblems(new string('a', 64)));
        Assert.Equal([Names.Dns1035LabelPhrase], Names.Dns1035LabelProblems("1"));
        Assert.Equal(["prefix part must be non-empty"], Names.QualifiedNameProblems("/a"));
        Assert.Equal([Names.QualifiedNamePhrase], Names.QualifiedNameProblems("a/b/c"));
    }
}
