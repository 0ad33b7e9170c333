using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Api.Content.Protobuf;
using Slipway.Api.Requests;
using Slipway.Api.Tests.Hosting;

namespace Slipway.Api.Tests;

/// <summary>Requests as recorded from kubectl 1.32, which sends built-in kinds as protobuf.</summary>
public sealed class ProtobufTests
{
    private const string MediaType = "application/vnd.kubernetes.protobuf";

    /// <summary>Writes the wire format, so that the fixtures below read like the messages they are.</summary>
    private static byte[] Field(int number, params byte[][] contents)
    {
        var content = contents.SelectMany(part => part).ToArray();
        return [.. Varint((ulong)((number << 3) | 2)), .. Varint((ulong)content.Length), .. content];
    }

    private static byte[] Text(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Whole(int number, long value) => [.. Varint((ulong)(number << 3)), .. Varint((ulong)value)];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    private static byte[] Envelope(string apiVersion, string kind, params byte[][] message) =>
        [0x6b, 0x38, 0x73, 0x00, .. Field(1, Text(1, apiVersion), Text(2, kind)), .. Field(2, message), .. Text(3, ""), .. Text(4, "")];

    /// <summary>Metadata as clients write it: plain fields are there even when they are empty.</summary>
    private static byte[] Metadata(string name) =>
        Field(1, Text(1, name), Text(2, ""), Text(3, ""), Text(4, ""), Text(5, ""), Text(6, ""), Whole(7, 0), Field(8));

    private static async Task<Answer> PostAsync(ApiHost api, string path, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", MediaType);
        return await api.SendAsync(request, $"{MediaType},application/json");
    }

    [Fact]
    public async Task A_config_map_is_created_from_protobuf_and_answered_in_json()
    {
        await using var api = await ApiHost.StartAsync();
        var body = Envelope("v1", "ConfigMap", Metadata("one"), Field(2, Text(1, "a"), Text(2, "b")), Field(2, Text(1, "empty"), Text(2, "")));
        var made = (await PostAsync(api, Manifests.ConfigMaps, body)).Expect(HttpStatusCode.Created);
        Assert.Equal("application/json", made.ContentType);
        Assert.Equal("""{"a":"b","empty":""}""", made.Json["data"]!.ToJsonString());
    }

    [Fact]
    public async Task The_bytes_of_a_secret_become_base64()
    {
        await using var api = await ApiHost.StartAsync();
        var body = Envelope("v1", "Secret", Metadata("key"), Field(2, Text(1, "p"), Field(2, [0xff, 0x00])), Text(3, "Opaque"));
        Assert.Equal("/wA=", (await PostAsync(api, "/api/v1/namespaces/default/secrets", body)).Expect(HttpStatusCode.Created).At("data", "p"));
    }

    [Fact]
    public async Task A_job_keeps_zeroes_that_mean_something_and_drops_those_that_do_not()
    {
        await using var api = await ApiHost.StartAsync();
        var container = Field(2, Text(1, "main"), Text(2, "example.test/x:1"), Text(3, "sh"), Text(5, ""), Field(8), Text(13, ""), Whole(16, 0), Whole(17, 0), Whole(18, 0));
        var template = Field(6, Field(1, Text(1, ""), Field(8)), Field(2, container, Text(3, "Never"), Text(6, ""), Whole(11, 0)));
        var body = Envelope("batch/v1", "Job", Metadata("nightly"), Field(2, Whole(7, 0), template), Field(3, Whole(4, 0)));
        var made = (await PostAsync(api, "/apis/batch/v1/namespaces/default/jobs", body)).Expect(HttpStatusCode.Created);
        Assert.Equal("0", made.At("spec", "backoffLimit"));
        Assert.Equal("sh", made.At("spec", "template", "spec", "containers", "0", "command", "0"));
        Assert.Null(made.At("spec", "template", "spec", "containers", "0", "stdin"));
    }

    [Fact]
    public async Task Token_requests_and_reviews_are_understood_too()
    {
        await using var api = await ApiHost.StartAsync();
        var token = await PostAsync(
            api, "/api/v1/namespaces/default/serviceaccounts/default/token", Envelope("authentication.k8s.io/v1", "TokenRequest", Field(1), Field(2, Text(1, "me"), Whole(4, 700))));
        Assert.Equal("700", token.Expect(HttpStatusCode.Created).At("spec", "expirationSeconds"));
        var review = await PostAsync(
            api, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            Envelope("authorization.k8s.io/v1", "SelfSubjectAccessReview", Field(1), Field(2, Field(1, Text(1, "default"), Text(2, "get"), Text(5, "pods")))));
        Assert.Equal("true", review.Expect(HttpStatusCode.Created).At("status", "allowed"));
    }

    [Fact]
    public void Probes_volumes_and_references_have_their_json_form()
    {
        var probe = Field(11, Field(1, Field(2, Text(1, "/ready"), Field(2, Whole(1, 1), Whole(2, 0), Text(3, "http")))), Whole(4, 5));
        var env = Field(7, Text(1, "P"), Text(2, ""), Field(3, Field(4, Field(1, Text(1, "key")), Text(2, "p"))));
        var container = Field(2, Text(1, "main"), env, probe, Field(8, Field(1, Text(1, "cpu"), Field(2, Text(1, "500m")))));
        var volume = Field(1, Text(1, "v"), Field(2, Field(2)));
        var message = Envelope("batch/v1", "Job", Field(1), Field(2, Field(6, Field(1), Field(2, volume, container))));
        var pod = ManifestReader.Decode(MediaType, message).Value.Tree["spec"]!["template"]!["spec"]!;
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {"volumes":[{"name":"v","emptyDir":{}}],
                 "containers":[{"name":"main","env":[{"name":"P","valueFrom":{"secretKeyRef":{"name":"key","key":"p"}}}],
                  "readinessProbe":{"httpGet":{"path":"/ready","port":"http"},"periodSeconds":5},
                  "resources":{"limits":{"cpu":"500m"}}}]}
                """),
            pod), pod.ToJsonString());
    }

    [Fact]
    public async Task A_kind_without_a_published_message_is_a_415()
    {
        await using var api = await ApiHost.StartAsync();
        (await PostAsync(api, Manifests.Services, Envelope("serving.knative.dev/v1", "Service", Metadata("shop")))).Expect(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public void Arbitrary_bytes_never_break_the_reader() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            byte[] body = [0x6b, 0x38, 0x73, 0x00, .. Field(1, Text(1, "v1"), Text(2, "Secret")), .. Field(2, bytes)];
            var read = ProtobufManifest.Read(body);
            return read.Succeeded || read.Failure!.Detail.Length > 0;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Cut_messages_are_malformed_and_nothing_else()
    {
        var whole = Envelope("v1", "ConfigMap", Metadata("one"), Field(2, Text(1, "a"), Text(2, "b")));
        for (var length = 0; length < whole.Length; length++)
        {
            var read = ProtobufManifest.Read(whole.AsMemory(0, length));
            Assert.True(read.Succeeded || read.Failure!.Detail.Length > 0);
        }
    }
}
