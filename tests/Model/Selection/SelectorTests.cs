using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Model.Resources;
using Slipway.Model.Selection;

namespace Slipway.Model.Tests.Selection;

public sealed class SelectorTests
{
    private static readonly Dictionary<string, string> s_labels = new() { ["app"] = "web", ["tier"] = "front", ["example.com/x"] = "" };

    [Theory]
    [InlineData("", true)]
    [InlineData("app=web", true)]
    [InlineData("app = web", true)]
    [InlineData(" app==web , tier != back ", true)]
    [InlineData("app!=web", false)]
    [InlineData("missing!=web", true)]
    [InlineData("app in (api, web)", true)]
    [InlineData("app notin (api,web)", false)]
    [InlineData("missing notin (a)", true)]
    [InlineData("tier,app in (web)", true)]
    [InlineData("!missing", true)]
    [InlineData("! app", false)]
    [InlineData("example.com/x=", true)]
    [InlineData("example.com/x", true)]
    [InlineData("missing=", false)]
    public void A_label_selector_picks_by_labels(string text, bool expected) =>
        Assert.Equal(expected, LabelSelector.Parse(text).Value.Matches(s_labels));

    [Theory]
    [InlineData("app in web")]
    [InlineData("app in (web")]
    [InlineData("app like (web)")]
    [InlineData("=web")]
    [InlineData("a b")]
    [InlineData("app=not ok")]
    [InlineData("-bad-=x")]
    [InlineData("app=web,")]
    [InlineData("a/b/c=x")]
    public void A_label_selector_that_cannot_be_read_is_a_failure(string text) =>
        Assert.Equal("label-selector-invalid", LabelSelector.Parse(text).Failure!.Code);

    [Fact]
    public void A_formatted_label_selector_means_the_same_when_read_again()
    {
        var keys = Gen.Elements("app", "tier", "example.com/x", "missing");
        var values = Gen.Elements("web", "front", "", "a.b_c-d");
        var one =
            from key in keys
            from kind in Gen.Elements("=", "!=", "in", "notin", "has", "not")
            from first in values
            from second in values
            select kind switch
            {
                "=" => $"{key}={first}",
                "!=" => $"{key} != {first}",
                "in" => $"{key} in ({first}, {second})",
                "notin" => $"{key} notin ({first},{second})",
                "has" => key,
                _ => $"!{key}",
            };
        Properties.Hold(one.ListOf(3), parts =>
        {
            var selector = LabelSelector.Parse(string.Join(',', parts)).Value;
            var again = LabelSelector.Parse(selector.ToString()).Value;
            Assert.Equal(selector.ToString(), again.ToString());
            foreach (var labels in new[] { s_labels, [], new Dictionary<string, string> { ["app"] = "a.b_c-d", ["missing"] = "" } })
            {
                Assert.Equal(selector.Matches(labels), again.Matches(labels));
            }
        });
    }

    [Fact]
    public void A_field_selector_picks_by_name_namespace_and_the_fields_of_the_kind()
    {
        var pod = Resource.FromJson(Kinds.Pod, Manifests.Parse(
            """{"metadata":{"name":"p","namespace":"demo"},"spec":{"nodeName":"here"},"status":{"phase":"Running"}}"""));
        var happened = Resource.FromJson(Kinds.Event, Manifests.Parse(
            """{"metadata":{"name":"e","namespace":"demo"},"involvedObject":{"kind":"Service","name":"web"},"reason":"Created","type":"Normal"}"""));

        Assert.True(FieldSelector.Parse(Kinds.Pod, "status.phase=Running,spec.nodeName==here, metadata.name != q").Value.Matches(pod));
        Assert.False(FieldSelector.Parse(Kinds.Pod, "metadata.namespace=other").Value.Matches(pod));
        Assert.True(FieldSelector.Parse(Kinds.Event, "involvedObject.kind=Service,involvedObject.name=web,reason=Created").Value.Matches(happened));
        Assert.False(FieldSelector.Parse(Kinds.Event, "type!=Normal").Value.Matches(happened));
        Assert.Equal("p", FieldSelector.Parse(Kinds.Pod, "metadata.name=p").Value.Name);
        Assert.Null(FieldSelector.Parse(Kinds.Pod, "metadata.name!=p").Value.Name);
    }

    [Fact]
    public void A_field_no_kind_is_selected_by_is_a_failure()
    {
        Assert.Equal("field-selector-invalid", FieldSelector.Parse(Kinds.Service, "spec.x=1").Failure!.Code);
        Assert.Equal("field-selector-invalid", FieldSelector.Parse(Kinds.Secret, "status.phase=1").Failure!.Code);
        Assert.Equal("field-selector-invalid", FieldSelector.Parse(Kinds.Pod, "metadata.name").Failure!.Code);
        Assert.True(FieldSelector.Parse(Kinds.Secret, "type=Opaque").Succeeded);
    }
}
