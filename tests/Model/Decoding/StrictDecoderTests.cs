using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Model.Decoding;
using Slipway.Model.Resources;

namespace Slipway.Model.Tests.Decoding;

public sealed class StrictDecoderTests
{
    [Fact]
    public void Valid_manifests_have_no_problems_and_survive_pruning_unchanged()
    {
        foreach (var (kind, manifest) in Manifests.All())
        {
            Manifests.Defaulted(kind, manifest);
            Assert.Empty(StrictDecoder.Check(kind, manifest));
            var pruned = manifest.DeepClone().AsObject();
            StrictDecoder.Prune(kind, pruned);
            Assert.Equal(manifest.ToJsonString(), pruned.ToJsonString());
        }
    }

    [Fact]
    public void Unknown_fields_are_named_with_their_path_and_pruned()
    {
        var service = Manifests.Service(given =>
        {
            given.Put("spec/templat", "{}");
            given.Put("spec/template/spec/containers/0/imagee", "\"x\"");
        });

        var problems = StrictDecoder.Check(Kinds.Service, service);

        Assert.Equal(
            ["unknown field \"spec.template.spec.containers[0].imagee\"", "unknown field \"spec.templat\""],
            problems.Select(problem => problem.Message));
        StrictDecoder.Prune(Kinds.Service, service);
        Assert.True(JsonNode.DeepEquals(Manifests.Service(), service));
    }

    [Theory]
    [InlineData("spec/template/spec/timeoutSeconds", "\"soon\"", "field \"spec.template.spec.timeoutSeconds\": expected a 64-bit integer, got the string \"soon\"")]
    [InlineData("spec/template/spec/timeoutSeconds", "1.5", "field \"spec.template.spec.timeoutSeconds\": expected a 64-bit integer, got 1.5")]
    [InlineData("spec/template/spec/containers", "{}", "field \"spec.template.spec.containers\": expected a list, got an object")]
    [InlineData("spec/template/spec/containers", "[null]", "field \"spec.template.spec.containers[0]\": expected an object, got null")]
    [InlineData("spec/template/spec/containers/0/env", "[{\"name\":\"A\",\"value\":8080}]", "field \"spec.template.spec.containers[0].env[0].value\": expected a string, got 8080")]
    [InlineData("spec/template/spec/containers/0/ports", "[{\"containerPort\":4294967296}]", "field \"spec.template.spec.containers[0].ports[0].containerPort\": expected a 32-bit integer, got 4294967296")]
    [InlineData("spec/template/spec/enableServiceLinks", "\"true\"", "field \"spec.template.spec.enableServiceLinks\": expected true or false, got the string \"true\"")]
    [InlineData("metadata/labels", "{\"a\":1}", "field \"metadata.labels[a]\": expected a string, got 1")]
    [InlineData("metadata/creationTimestamp", "\"yesterday\"", "field \"metadata.creationTimestamp\": expected an RFC 3339 time such as 2026-01-31T12:00:00Z, got the string \"yesterday\"")]
    [InlineData("spec", "7", "field \"spec\": expected an object, got 7")]
    public void Ill_typed_values_are_named_with_what_was_expected(string path, string value, string expected)
    {
        var problem = Assert.Single(StrictDecoder.Check(Kinds.Service, Manifests.Service(given => given.Put(path, value))));

        Assert.Equal(FieldProblemKind.IllTyped, problem.Kind);
        Assert.Equal(expected, problem.Message);
    }

    [Fact]
    public void Whole_numbers_as_text_become_numbers_and_quantities_become_text()
    {
        var service = Manifests.Service(given =>
        {
            given.Put("spec/template/spec/timeoutSeconds", "\"300\"");
            given.Put("spec/template/spec/containerConcurrency", "80.0");
            given.Put("spec/template/spec/containers/0/resources", "{\"limits\":{\"cpu\":1,\"memory\":\"256Mi\"}}");
            given.Put("spec/template/spec/containers/0/livenessProbe", "{\"httpGet\":{\"port\":\"8080\"}}");
        });

        Assert.Empty(StrictDecoder.Check(Kinds.Service, service));
        StrictDecoder.Prune(Kinds.Service, service);

        Assert.Equal("300", service.TemplateSpec()["timeoutSeconds"]!.ToJsonString());
        Assert.Equal("80", service.TemplateSpec()["containerConcurrency"]!.ToJsonString());
        Assert.Equal("""{"cpu":"1","memory":"256Mi"}""", service.FirstContainer()["resources"]!["limits"]!.ToJsonString());
        Assert.Equal("8080", service.FirstContainer()["livenessProbe"]!["httpGet"]!["port"]!.ToJsonString());
    }

    [Fact]
    public void Empty_values_of_switched_off_fields_and_nulls_are_dropped_without_a_word()
    {
        var service = Manifests.Service(given =>
        {
            given.Put("spec/template/spec/nodeSelector", "{}");
            given.Put("spec/template/spec/initContainers", "[]");
            given.Put("spec/template/spec/containers/0/stdin", "false");
            given.Put("metadata/creationTimestamp", "null");
            given.Put("status", "{\"address\":{}}");
        });

        Assert.Empty(StrictDecoder.Check(Kinds.Service, service));
        StrictDecoder.Prune(Kinds.Service, service);

        Assert.DoesNotContain("nodeSelector", service.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("initContainers", service.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("stdin", service.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("null", service.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_switched_off_field_with_content_stays_for_validation_to_refuse()
    {
        var service = Manifests.Service(given => given.Put("spec/template/spec/nodeSelector", "{\"disk\":\"ssd\"}"));

        Assert.Empty(StrictDecoder.Check(Kinds.Service, service));
        StrictDecoder.Prune(Kinds.Service, service);

        Assert.NotNull(service.TemplateSpec()["nodeSelector"]);
    }

    [Fact]
    public void Secret_data_must_be_base64()
    {
        var secret = Manifests.Secret(given => given.Put("data", "{\"a\":\"not base64!\"}"));

        Assert.Equal("data[a]", Assert.Single(StrictDecoder.Check(Kinds.Secret, secret)).Path);
    }

    [Fact]
    public void Pruning_twice_is_pruning_once()
    {
        var junk = Gen.Elements("1", "\"7\"", "null", "[]", "{}", "\"x\"", "[null]", "1e2", "{\"zzz\":1}", "true");
        var samples = Manifests.All().ToArray();
        var inputs =
            from sample in Gen.Elements(samples)
            from path in Gen.Elements(Validation.ServingValidationTests.Paths(sample.Manifest, "").ToArray())
            from value in junk
            select (sample.Kind, sample.Manifest, path, value);

        Properties.Hold(inputs, input =>
        {
            var once = input.Manifest.DeepClone().AsObject();
            once.Put(input.path, input.value);
            StrictDecoder.Prune(input.Kind, once);
            var twice = once.DeepClone().AsObject();
            StrictDecoder.Prune(input.Kind, twice);
            Assert.Equal(once.ToJsonString(), twice.ToJsonString());
            Assert.DoesNotContain(StrictDecoder.Check(input.Kind, once), problem => problem.Kind == FieldProblemKind.Unknown);
        });
    }

    [Fact]
    public void Repeated_keys_are_found_once_each_with_their_path()
    {
        var problems = DuplicateFields.Find(Encoding.UTF8.GetBytes(
            """{"spec":{"a":1,"a":2,"a":3},"list":[{"x":1},[0,{"y":1,"y":2}]],"spec":{},"A":1,"\u0041":2}"""));

        Assert.Equal(
            ["duplicate field \"spec.a\"", "duplicate field \"list[1][1].y\"", "duplicate field \"spec\"", "duplicate field \"A\""],
            problems.Select(problem => problem.Message));
        Assert.Empty(DuplicateFields.Find("""{"a":{"b":1},"c":{"b":1},"d":[{"b":1},{"b":2}]}"""u8));
    }

    [Fact]
    public void Bytes_that_are_no_json_are_refused_by_the_reader() =>
        Assert.ThrowsAny<JsonException>(() => DuplicateFields.Find("{\"a\":"u8));
}
