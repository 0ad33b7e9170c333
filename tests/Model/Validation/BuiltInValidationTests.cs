using System.Text.Json.Nodes;
using Slipway.Model.Resources;
using Slipway.Model.Validation;

namespace Slipway.Model.Tests.Validation;

public sealed class BuiltInValidationTests
{
    // Kind, path, value, expected reason, expected field, part of the message.
    public static TheoryData<string, string, string, string, string, string> Cases() => new()
    {
        { "Job", "spec/template", "null", FindingReasons.Required, "spec.template", "Required value" },
        { "Job", "spec/template/spec/containers", "[]", FindingReasons.Required, "spec.template.spec.containers", "Required value" },
        { "Job", "spec/template/spec/restartPolicy", "\"Always\"", FindingReasons.NotSupported, "spec.template.spec.restartPolicy", "Unsupported value: \"Always\": supported values: \"Never\", \"OnFailure\"" },
        { "Job", "spec/template/spec/restartPolicy", "null", FindingReasons.NotSupported, "spec.template.spec.restartPolicy", "supported values" },
        { "Job", "spec/parallelism", "-1", FindingReasons.Invalid, "spec.parallelism", "must be between 0 and 2147483647, inclusive" },
        { "Job", "spec/template/spec/hostNetwork", "true", FindingReasons.Forbidden, "spec.template.spec.hostNetwork", "Forbidden: " },
        { "Job", "spec/template/spec/volumes", "[{\"name\":\"a\",\"emptyDir\":{}},{\"name\":\"a\",\"emptyDir\":{}}]", FindingReasons.Duplicate, "spec.template.spec.volumes[1].name", "Duplicate value: \"a\"" },
        { "CronJob", "spec/schedule", "\"61 * * * *\"", FindingReasons.Invalid, "spec.schedule", "minute" },
        { "CronJob", "spec/schedule", "\"TZ=UTC 1 * * * *\"", FindingReasons.Invalid, "spec.schedule", "use timeZone field instead" },
        { "CronJob", "spec/schedule", "\"\"", FindingReasons.Required, "spec.schedule", "Required value" },
        { "CronJob", "spec/timeZone", "\"Mars/Base\"", FindingReasons.Invalid, "spec.timeZone", "unknown time zone Mars/Base" },
        { "CronJob", "spec/concurrencyPolicy", "\"Maybe\"", FindingReasons.NotSupported, "spec.concurrencyPolicy", "\"Allow\", \"Forbid\", \"Replace\"" },
        { "CronJob", "metadata/name", "\"a23456789-123456789-123456789-123456789-123456789-123\"", FindingReasons.Invalid, "metadata.name", "52 characters" },
        { "Secret", "data", "{\"a b\":\"YQ==\"}", FindingReasons.Invalid, "data[a b]", "a valid config key must consist of" },
        { "ConfigMap", "binaryData", "{\"a\":\"YQ==\"}", FindingReasons.Invalid, "binaryData[a]", "data and in binaryData" },
        { "ConfigMap", "metadata/name", "\"Not_ok\"", FindingReasons.Invalid, "metadata.name", "a lowercase RFC 1123 subdomain must consist of" },
        { "Namespace", "metadata/name", "\"a.b\"", FindingReasons.Invalid, "metadata.name", "a lowercase RFC 1123 label must consist of" },
        { "HTTPRoute", "spec/hostnames", "[\"10.0.0.1\"]", FindingReasons.Invalid, "spec.hostnames[0]", "not an address" },
        { "HTTPRoute", "spec/hostnames", "[\"*.*.example\"]", FindingReasons.Invalid, "spec.hostnames[0]", "RFC 1123 subdomain" },
        { "HTTPRoute", "spec/rules/0/matches/0/path/value", "\"api\"", FindingReasons.Invalid, "spec.rules[0].matches[0].path.value", "must be an absolute path" },
        { "HTTPRoute", "spec/rules/0/matches/0/path", "{\"type\":\"RegularExpression\",\"value\":\"(\"}", FindingReasons.Invalid, "spec.rules[0].matches[0].path.value", "regular expression" },
        { "HTTPRoute", "spec/rules/0/matches/0/path", "{\"type\":\"Prefix\",\"value\":\"/\"}", FindingReasons.NotSupported, "spec.rules[0].matches[0].path.type", "\"PathPrefix\"" },
        { "HTTPRoute", "spec/rules/0/backendRefs/0/weight", "-1", FindingReasons.Invalid, "spec.rules[0].backendRefs[0].weight", "between 0 and 1000000" },
        { "HTTPRoute", "spec/rules/0/backendRefs/0/name", "\"\"", FindingReasons.Required, "spec.rules[0].backendRefs[0].name", "Required value" },
        { "HTTPRoute", "spec/rules/0/filters", "[{\"type\":\"URLRewrite\"}]", FindingReasons.Required, "spec.rules[0].filters[0].urlRewrite", "Required value" },
        { "HTTPRoute", "spec/rules/0/filters", "[{\"type\":\"RequestMirror\",\"requestMirror\":{\"backendRef\":{\"name\":\"x\"}}}]", FindingReasons.Forbidden, "spec.rules[0].filters[0].requestMirror", "Forbidden" },
        { "HTTPRoute", "spec/rules/0/filters", "[{\"type\":\"RequestRedirect\",\"requestRedirect\":{\"statusCode\":200}}]", FindingReasons.NotSupported, "spec.rules[0].filters[0].requestRedirect.statusCode", "\"308\"" },
        { "HTTPRoute", "spec/rules/0/timeouts", "{\"request\":\"1s\",\"backendRequest\":\"2s\"}", FindingReasons.Invalid, "spec.rules[0].timeouts.backendRequest", "must not be longer" },
        { "HTTPRoute", "spec/rules/0/timeouts", "{\"request\":\"fast\"}", FindingReasons.Invalid, "spec.rules[0].timeouts.request", "must be a duration" },
        { "TrafficPolicy", "spec/targetRef", "null", FindingReasons.Required, "spec.targetRef", "Required value" },
        { "TrafficPolicy", "spec/targetRef/kind", "\"Pod\"", FindingReasons.NotSupported, "spec.targetRef.kind", "\"HTTPRoute\"" },
        { "TrafficPolicy", "spec/rateLimits/0/requestsPerSecond", "0", FindingReasons.Invalid, "spec.rateLimits[0].requestsPerSecond", "must be above 0" },
        { "TrafficPolicy", "spec/retry/attempts", "11", FindingReasons.Invalid, "spec.retry.attempts", "between 0 and 10" },
        { "TrafficPolicy", "spec/circuitBreaker/failurePercent", "0", FindingReasons.Invalid, "spec.circuitBreaker.failurePercent", "between 1 and 100" },
        { "TrafficPolicy", "spec/cors", "{\"allowOrigins\":[\"*\"],\"allowCredentials\":true}", FindingReasons.Invalid, "spec.cors.allowOrigins[0]", "name the origins" },
        { "TrafficPolicy", "spec/cors", "{\"allowOrigins\":[\"shop.example\"]}", FindingReasons.Invalid, "spec.cors.allowOrigins[0]", "https://shop.example" },
        { "TrafficPolicy", "spec/authentication", "{\"mode\":\"jwt\"}", FindingReasons.Required, "spec.authentication.issuer", "Required value" },
        { "Database", "spec/databaseName", "\"Orders\"", FindingReasons.Invalid, "spec.databaseName", "lower case letters" },
        { "Database", "spec/databaseName", "\"postgres\"", FindingReasons.Invalid, "spec.databaseName", "reserved database name" },
        { "Database", "spec/deletionPolicy", "\"Burn\"", FindingReasons.NotSupported, "spec.deletionPolicy", "\"Retain\", \"Delete\"" },
    };

    [Theory, MemberData(nameof(Cases))]
    public void A_manifest_is_refused_with_reason_field_and_message(
        string kindName, string path, string value, string reason, string field, string message)
    {
        var (kind, manifest) = Manifests.All().Single(sample => sample.Kind.Kind == kindName && sample.Kind.Kind != "Service");
        manifest.Put(path, value);

        var findings = Manifests.Check(kind, manifest);

        Assert.Contains(findings, finding =>
            finding.Reason == reason && finding.Field == field && finding.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_refusal_reads_like_one_of_Kubernetes()
    {
        var job = Manifests.Job(given => given.Put("spec/parallelism", "-1"));

        var refusal = Validator.Refusal(Kinds.Job, "migrate", Manifests.Check(Kinds.Job, job));

        Assert.Equal(
            "Job.batch \"migrate\" is invalid: spec.parallelism: Invalid value: -1: must be between 0 and 2147483647, inclusive",
            refusal!.Detail);
        Assert.Null(Validator.Refusal(Kinds.Job, "migrate", []));
    }

    [Fact]
    public void What_a_job_runs_cannot_change()
    {
        var stored = Manifests.Defaulted(Kinds.Job, Manifests.Job());
        var next = stored.DeepClone().AsObject();
        next.Put("spec/template/spec/containers/0/image", "\"other:2\"");
        next.Put("spec/parallelism", "3");

        Assert.Equal("spec.template", Assert.Single(Manifests.Check(Kinds.Job, next, stored)).Field);
    }

    [Fact]
    public void An_immutable_config_map_accepts_labels_only()
    {
        var stored = Manifests.ConfigMap(given => given["immutable"] = true);
        var labelled = stored.DeepClone().AsObject();
        labelled.Put("metadata/labels", "{\"a\":\"b\"}");
        var thawed = stored.DeepClone().AsObject();
        thawed["immutable"] = false;
        thawed.Put("data/a", "\"2\"");

        Assert.Empty(Manifests.Check(Kinds.ConfigMap, labelled, stored));
        Assert.Equal(["immutable", "data"], Manifests.Check(Kinds.ConfigMap, thawed, stored).Select(finding => finding.Field));
    }

    [Fact]
    public void The_type_of_a_secret_and_the_name_of_a_database_stay()
    {
        var secret = Manifests.Defaulted(Kinds.Secret, Manifests.Secret());
        var retyped = secret.DeepClone().AsObject();
        retyped["type"] = "kubernetes.io/tls";
        var database = Manifests.Defaulted(Kinds.Database, Manifests.Database());
        var moved = database.DeepClone().AsObject();
        moved["spec"]!["databaseName"] = "elsewhere";

        Assert.Equal("type", Assert.Single(Manifests.Check(Kinds.Secret, retyped, secret)).Field);
        Assert.Equal("spec.databaseName", Assert.Single(Manifests.Check(Kinds.Database, moved, database)).Field);
    }

    [Fact]
    public void Data_beyond_a_mebibyte_is_refused()
    {
        var settings = Manifests.ConfigMap(given => given["data"] = new JsonObject { ["big"] = new string('x', (1024 * 1024) + 1) });

        Assert.Contains("Too long", Assert.Single(Manifests.Check(Kinds.ConfigMap, settings)).Message, StringComparison.Ordinal);
    }
}
