using System.Text.Json.Nodes;
using Slipway.Api.Patching;
using Slipway.Model.Resources;
using Slipway.Model.Schema;

namespace Slipway.Api.Tests.Patching;

public sealed class PatchLanguageTests
{
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void A_merge_patch_replaces_values_and_null_removes(string target, string patch, string expected) =>
        Same(expected, MergePatch.Apply(Object(target), Object(patch)));

    [Theory]
    [InlineData("""{"a":{}}""", """[{"op":"add","path":"/a/b","value":1}]""", """{"a":{"b":1}}""")]
    [InlineData("""{"a":[1,3]}""", """[{"op":"add","path":"/a/1","value":2}]""", """{"a":[1,2,3]}""")]
    [InlineData("""{"a":[1]}""", """[{"op":"add","path":"/a/-","value":2}]""", """{"a":[1,2]}""")]
    [InlineData("""{"a":1,"b":2}""", """[{"op":"remove","path":"/a"}]""", """{"b":2}""")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"remove","path":"/a/0"}]""", """{"a":[2]}""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"/a","value":null}]""", """{"a":null}""")]
    [InlineData("""{"a":{"x":1}}""", """[{"op":"move","from":"/a/x","path":"/b"}]""", """{"a":{},"b":1}""")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"move","from":"/a/0","path":"/a/1"}]""", """{"a":[2,1]}""")]
    [InlineData("""{"a":[1]}""", """[{"op":"copy","from":"/a","path":"/b"}]""", """{"a":[1],"b":[1]}""")]
    [InlineData("""{"a/b":1,"m~n":2}""", """[{"op":"test","path":"/a~1b","value":1},{"op":"remove","path":"/m~0n"}]""", """{"a/b":1}""")]
    [InlineData("""{}""", """[{"op":"test","path":"/a","value":null},{"op":"add","path":"/a","value":{}}]""", """{"a":{}}""")]
    public void A_json_patch_applies_its_operations_in_order(string target, string patch, string expected)
    {
        var tree = Object(target);
        JsonPatch.Apply(tree, List(patch));
        Same(expected, tree);
    }

    [Theory]
    [InlineData("""[{"op":"test","path":"/a","value":2}]""", "testing value /a failed")]
    [InlineData("""[{"op":"remove","path":"/b"}]""", "does not exist")]
    [InlineData("""[{"op":"replace","path":"/b","value":1}]""", "does not exist")]
    [InlineData("""[{"op":"add","path":"/b/c","value":1}]""", "does not exist")]
    [InlineData("""[{"op":"add","path":"/list/5","value":1}]""", "not an index")]
    [InlineData("""[{"op":"add","path":"/list/01","value":1}]""", "not an index")]
    [InlineData("""[{"op":"add","path":"a","value":1}]""", "does not begin with /")]
    [InlineData("""[{"op":"move","from":"/obj","path":"/obj/x"}]""", "into itself")]
    [InlineData("""[{"op":"remove","path":""}]""", "whole object")]
    [InlineData("""[{"op":"add","path":"/b"}]""", "needs a value")]
    [InlineData("""[{"op":"frob","path":"/b"}]""", "unknown operation")]
    [InlineData("""[1]""", "must be an object")]
    public void A_json_patch_that_cannot_apply_says_why(string patch, string expected)
    {
        var failed = Assert.Throws<PatchException>(() => JsonPatch.Apply(Object("""{"a":1,"obj":{},"list":[1]}"""), List(patch)));
        Assert.Contains(expected, failed.Message);
    }

    [Fact]
    public void Copies_cannot_blow_an_object_up()
    {
        var target = new JsonObject { ["a"] = new string('x', 1024) };
        var patch = new JsonArray();
        for (var index = 0; index < 64; index++)
        {
            patch.Add(new JsonObject { ["op"] = "copy", ["from"] = "/a", ["path"] = "/b" });
            patch.Add(new JsonObject { ["op"] = "add", ["path"] = "/a", ["value"] = new JsonObject() });
            patch.Add(new JsonObject { ["op"] = "copy", ["from"] = "/b", ["path"] = "/a/l" });
            patch.Add(new JsonObject { ["op"] = "copy", ["from"] = "/b", ["path"] = "/a/r" });
        }

        Assert.Contains("exceed", Assert.Throws<PatchException>(() => JsonPatch.Apply(target, patch)).Message);
    }

    public static TheoryData<string, string, string> StrategicCases => new()
    {
        // Items with a known key are merged, others are added.
        {
            """{"spec":{"template":{"spec":{"containers":[{"name":"a","image":"1"},{"name":"b","image":"1"}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"name":"b","image":"2"},{"name":"c","image":"3"}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"name":"a","image":"1"},{"name":"b","image":"2"},{"name":"c","image":"3"}]}}}}"""
        },
        // An item is deleted by its key.
        {
            """{"spec":{"template":{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"name":"a","$patch":"delete"}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"name":"b"}]}}}}"""
        },
        // A list is replaced on demand.
        {
            """{"spec":{"template":{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"$patch":"replace"},{"name":"c"}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"name":"c"}]}}}}"""
        },
        // An object is replaced or emptied on demand.
        {
            """{"metadata":{"labels":{"a":"1","b":"2"}}}""",
            """{"metadata":{"labels":{"$patch":"replace","c":"3"}}}""",
            """{"metadata":{"labels":{"c":"3"}}}"""
        },
        // The order of elements is the patch's order; what it does not name keeps its place.
        {
            """{"spec":{"template":{"spec":{"containers":[{"name":"a"},{"name":"x"},{"name":"b"}]}}}}""",
            """{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"b","image":"2"}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"name":"b","image":"2"},{"name":"a"},{"name":"x"}]}}}}"""
        },
        // Nested keys: ports by number, mounts by path, environment by name.
        {
            """{"spec":{"template":{"spec":{"containers":[{"name":"a","env":[{"name":"X","value":"1"}],"ports":[{"containerPort":80}],"volumeMounts":[{"mountPath":"/a","name":"v"}]}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"name":"a","env":[{"name":"X","value":"2"}],"ports":[{"containerPort":80,"name":"http1"}],"volumeMounts":[{"mountPath":"/a","readOnly":true}]}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"name":"a","env":[{"name":"X","value":"2"}],"ports":[{"containerPort":80,"name":"http1"}],"volumeMounts":[{"mountPath":"/a","name":"v","readOnly":true}]}]}}}}"""
        },
        // Primitive lists that merge can lose single values.
        {
            """{"metadata":{"finalizers":["a","b"]}}""",
            """{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"],"finalizers":["c"]}}""",
            """{"metadata":{"finalizers":["b","c"]}}"""
        },
        // Lists without a key are replaced.
        {
            """{"spec":{"template":{"spec":{"containers":[{"name":"a","args":["1","2"]}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"name":"a","args":["3"]}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"name":"a","args":["3"]}]}}}}"""
        },
        // Only the named keys are retained.
        {
            """{"spec":{"template":{"spec":{"volumes":[{"name":"v","secret":{"secretName":"s"}}]}}}}""",
            """{"spec":{"template":{"spec":{"volumes":[{"name":"v","$retainKeys":["name","emptyDir"],"emptyDir":{}}]}}}}""",
            """{"spec":{"template":{"spec":{"volumes":[{"name":"v","emptyDir":{}}]}}}}"""
        },
        // Null removes.
        { """{"spec":{"suspend":true,"parallelism":1}}""", """{"spec":{"suspend":null}}""", """{"spec":{"parallelism":1}}""" },
    };

    [Theory]
    [MemberData(nameof(StrategicCases))]
    public void A_strategic_merge_follows_keys_and_directives(string target, string patch, string expected) =>
        Same(expected, StrategicMerge.Apply(Schemas.For(Kinds.Job), Object(target), Object(patch)));

    [Theory]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"image":"1"}]}}}}""", "merge key \"name\"")]
    [InlineData("""{"spec":{"$patch":"shuffle"}}""", "unknown directive")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":["a"]}}}}""", "must be objects")]
    public void A_strategic_merge_that_makes_no_sense_says_why(string patch, string expected)
    {
        var failed = Assert.Throws<PatchException>(() => StrategicMerge.Apply(Schemas.For(Kinds.Job), Object("{}"), Object(patch)));
        Assert.Contains(expected, failed.Message);
    }

    private static JsonObject Object(string json) => (JsonObject)JsonNode.Parse(json)!;

    private static JsonArray List(string json) => (JsonArray)JsonNode.Parse(json)!;

    private static void Same(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\n  actual {actual.ToJsonString()}");
}
