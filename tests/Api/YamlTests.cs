using System.Text;
using System.Text.Json.Nodes;
using Slipway.Api.Content;

namespace Slipway.Api.Tests;

public sealed class YamlTests
{
    [Theory]
    [InlineData("a: 1", """{"a":1}""")]
    [InlineData("a: '1'", """{"a":"1"}""")]
    [InlineData("a: 1.5", """{"a":1.5}""")]
    [InlineData("a: 1.2.3", """{"a":"1.2.3"}""")]
    [InlineData("a: true\nb: False\nc: yes", """{"a":true,"b":false,"c":"yes"}""")]
    [InlineData("a: ~\nb:", """{"a":null,"b":null}""")]
    [InlineData("a: 0644\nb: 0x10\nc: 0o17\nd: -3", """{"a":420,"b":16,"c":15,"d":-3}""")]
    [InlineData("a: 2026-01-01", """{"a":"2026-01-01"}""")]
    [InlineData("a: !!str 12", """{"a":"12"}""")]
    [InlineData("a: [x, {b: c}]", """{"a":["x",{"b":"c"}]}""")]
    [InlineData("a: &x {b: 1}\nc: *x", """{"a":{"b":1},"c":{"b":1}}""")]
    [InlineData("a: |\n  one\n  two\n", """{"a":"one\ntwo\n"}""")]
    [InlineData("{\"a\":\"b\"}", """{"a":"b"}""")]
    [InlineData("a: 500m\nb: 1e3", """{"a":"500m","b":1000}""")]
    public void Scalars_mean_what_they_mean_to_kubernetes_clients(string yaml, string expected)
    {
        var tree = YamlManifest.Read(Encoding.UTF8.GetBytes(yaml)).Value.Tree;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(tree.ToJsonString())), tree.ToJsonString());
    }

    [Fact]
    public void Repeated_keys_are_reported()
    {
        var manifest = YamlManifest.Read("a: 1\nb: {c: 1, c: 2}\na: 3\n"u8.ToArray()).Value;
        Assert.Equal(["b.c", "a"], manifest.Duplicates.Select(problem => problem.Path));
        Assert.Equal("3", manifest.Tree["a"]!.ToJsonString());
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("a: *missing")]
    [InlineData("a: &x [*x]")]
    [InlineData("- a")]
    [InlineData("a: 1\n---\nb: 2")]
    [InlineData("")]
    [InlineData("? [a]\n: b")]
    public void What_is_no_single_object_is_refused(string yaml) =>
        Assert.False(YamlManifest.Read(Encoding.UTF8.GetBytes(yaml)).Succeeded);

    [Fact]
    public void Aliases_of_aliases_do_not_exhaust_the_server()
    {
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (var level = 1; level < 12; level++)
        {
            bomb.Append($"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat($"*a{level - 1}", 10))}]\n");
        }

        Assert.Contains("more than", YamlManifest.Read(Encoding.UTF8.GetBytes(bomb.ToString())).Failure!.Detail);
    }
}
