using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Tests.Terminal;

public sealed class YamlTests
{
    [Fact]
    public void Reads_every_document_and_unpacks_lists()
    {
        var manifests = Yaml.Read("""
            kind: A
            ---
            # nothing but a comment
            ---
            kind: List
            items:
            - kind: B
            - kind: C
            """, "test");
        Assert.Equal(["A", "B", "C"], manifests.Select(manifest => (string?)manifest["kind"]));
    }

    [Theory]
    [InlineData("v: 1", "1")]
    [InlineData("v: '1'", "\"1\"")]
    [InlineData("v: 1.5", "1.5")]
    [InlineData("v: true", "true")]
    [InlineData("v: \"true\"", "\"true\"")]
    [InlineData("v: ~", "null")]
    [InlineData("v:", "null")]
    [InlineData("v: 500m", "\"500m\"")]
    [InlineData("v: 2026-01-31", "\"2026-01-31\"")]
    [InlineData("v: |\n  two\n  lines\n", "\"two\\nlines\\n\"")]
    [InlineData("v: []", "[]")]
    [InlineData("v: {}", "{}")]
    public void Scalars_get_the_type_that_manifests_mean(string yaml, string json) =>
        Assert.Equal(json, Yaml.Read(yaml, "test")[0]["v"]?.ToJsonString() ?? "null");

    [Fact]
    public void A_syntax_error_names_the_file_and_the_place()
    {
        var failure = Assert.Throws<CliFailure>(() => Yaml.Read("a:\n  b: 1\n c: 2", "service.yaml"));
        Assert.StartsWith("service.yaml: line ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bracket_that_is_never_closed_is_a_clear_error() =>
        Assert.Contains("bracket", Assert.Throws<CliFailure>(() => Yaml.Read("a: [1\nb: 2", "service.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_document_that_is_not_a_mapping_is_refused() => Assert.Throws<CliFailure>(() => Yaml.Read("- 1", "test"));

    [Theory]
    [InlineData("""{"a":1,"b":{"c":[1,2,{"d":"e"}]},"f":[]}""")]
    [InlineData("""{"quoted":"yes","number":"12","empty":"","colon":"a: b","dash":"- x","null":"null","hash":"a #b","tab":"a\tb","lines":"a\nb"}""")]
    [InlineData("""{"nested":[[1,2],[{"a":[{"b":null}]}]],"flag":false,"big":12345678901}""")]
    [InlineData("""{"serving.knative.dev/creator":"system:admin","url":"http://a.b:80/c?d=e","star":"*","at":"@x","percent":"%x","brace":"{x}"}""")]
    public void What_is_written_reads_back_the_same(string json)
    {
        var node = JsonNode.Parse(json)!;
        Assert.Equal(node.ToJsonString(), Yaml.Read(Yaml.Write(node), "test")[0].ToJsonString());
    }
}
