using System.Text;
using System.Text.Json;
using Slipway.Eventing.Schemas;

namespace Slipway.Eventing.Tests.Schemas;

public sealed class SchemaTests
{
    private const string Order = """
        {"type":"object","required":["orderId","lines"],"properties":{
            "orderId":{"type":"string","minLength":1,"maxLength":10,"pattern":"^o-"},
            "state":{"enum":["new","old"]},
            "total":{"type":"integer","minimum":0},
            "lines":{"type":"array","minItems":1,"items":{"type":"object","required":["sku"],"properties":{"sku":{"type":"string"}},"additionalProperties":false}}}}
        """;

    [Theory]
    [InlineData("""{"orderId":"o-1","lines":[{"sku":"A"}],"total":5,"state":"new","more":true}""", "")]
    [InlineData("""{"lines":[{"sku":"A"}]}""", "required /orderId")]
    [InlineData("""{"orderId":"o-1","lines":[]}""", "minItems /lines")]
    [InlineData("""{"orderId":"x","lines":[{"sku":"A"}]}""", "pattern /orderId")]
    [InlineData("""{"orderId":"o-1234567890","lines":[{"sku":"A"}]}""", "maxLength /orderId")]
    [InlineData("""{"orderId":"o-1","lines":[{"sku":"A","x":1}]}""", "unknown /lines/0/x")]
    [InlineData("""{"orderId":"o-1","lines":[{"sku":"A"},{"sku":2}]}""", "type /lines/1/sku")]
    [InlineData("""{"orderId":"o-1","lines":[{"sku":"A"}],"total":1.5}""", "type /total")]
    [InlineData("""{"orderId":"o-1","lines":[{"sku":"A"}],"total":-1}""", "minimum /total")]
    [InlineData("""{"orderId":"o-1","lines":[{"sku":"A"}],"state":"other"}""", "enum /state")]
    [InlineData("7", "type ")]
    [InlineData("{", "type ")]
    public void Data_is_held_to_its_schema_and_findings_have_pointers(string data, string expected)
    {
        var findings = new JsonSchema("t", Parse(Order), default).Check(Encoding.UTF8.GetBytes(data));

        Assert.Equal(expected, string.Join(", ", findings.Select(finding => $"{finding.Reason} {finding.Field}")));
    }

    [Theory]
    [InlineData("""{"type":"thing"}""", "/type")]
    [InlineData("""{"$ref":"#/x"}""", "/$ref")]
    [InlineData("""{"properties":{"a":{"oneOf":[]}}}""", "/properties/a/oneOf")]
    [InlineData("""{"pattern":"("}""", "/pattern")]
    [InlineData("""{"enum":[]}""", "/enum")]
    public void A_schema_that_says_more_than_is_understood_is_refused(string schema, string field) =>
        Assert.Equal(field, Assert.Single(JsonSchema.Problems(Parse(schema))).Field);

    [Theory]
    [InlineData("""{"properties":{"a":{"type":"string"}}}""", """{"properties":{"a":{"type":"string"},"b":{"type":"integer"}}}""", "")]
    [InlineData("""{"properties":{"a":{"type":"integer"}}}""", """{"properties":{"a":{"type":"number"}}}""", "")]
    [InlineData("""{"properties":{"a":{"enum":["x"]}}}""", """{"properties":{"a":{"enum":["x","y"]}}}""", "")]
    [InlineData("""{"properties":{"a":{"minimum":5}}}""", """{"properties":{"a":{"minimum":1}}}""", "")]
    [InlineData("""{"properties":{"a":{"type":"string"}}}""", """{"properties":{}}""", "removed /properties/a")]
    [InlineData("""{"properties":{"a":{}}}""", """{"properties":{"a":{}},"required":["a"]}""", "newlyRequired /required")]
    [InlineData("""{"required":["a"]}""", """{}""", "noLongerRequired /required")]
    [InlineData("""{"properties":{"a":{"type":["string","null"]}}}""", """{"properties":{"a":{"type":"string"}}}""", "narrowed /properties/a/type")]
    [InlineData("""{"properties":{"a":{"enum":["x","y"]}}}""", """{"properties":{"a":{"enum":["x"]}}}""", "narrowed /properties/a/enum")]
    [InlineData("""{"items":{"type":"string"}}""", """{"items":{"type":"integer"}}""", "narrowed /items/type")]
    [InlineData("""{}""", """{"additionalProperties":false}""", "narrowed /additionalProperties")]
    [InlineData("""{"maxLength":9}""", """{"maxLength":5}""", "narrowed /maxLength")]
    public void Only_additions_are_an_evolution(string before, string after, string expected) =>
        Assert.Equal(expected, string.Join(", ", SchemaEvolution.Breaks(Parse(before), Parse(after)).Select(finding => $"{finding.Reason} {finding.Field}")));

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
