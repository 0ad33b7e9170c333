using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Slipway.Telemetry.Tests.Logs;

namespace Slipway.Telemetry.Tests.Loki;

public sealed class LokiPushTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static string Body(LokiScene scene, params string[] lines) =>
        $$"""{"streams":[{"stream":{"service":"pushed","zone":"a"},"values":[{{string.Join(',', lines.Select((line, index) => $"[\"{scene.Logs.Now + index}\",{JsonSerializer.Serialize(line)}]"))}}]}]}""";

    private static async Task<(HttpStatusCode Status, string Text)> PushAsync(LokiScene scene, byte[] body, string? type, string? encoding = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        using var response = await scene.Http.PostAsync(new Uri("/loki/api/v1/push", UriKind.Relative), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static byte[] Gzip(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return packed.ToArray();
    }

    [Fact]
    public async Task Json_is_taken_plain_and_packed()
    {
        await using var scene = await LokiScene.OpenAsync();
        Assert.Equal((HttpStatusCode.NoContent, ""), await PushAsync(scene, Encoding.UTF8.GetBytes(Body(scene, "one", "two")), "application/json"));
        Assert.Equal((HttpStatusCode.NoContent, ""), await PushAsync(scene, Gzip(Encoding.UTF8.GetBytes(Body(scene, "three"))), "application/json", "gzip"));
        Assert.Equal(["one", "three", "two"], scene.Logs.Lines("""{service="pushed", zone="a"}""").Order());
    }

    [Fact]
    public async Task Protobuf_in_a_snappy_block_is_taken_with_its_traces()
    {
        await using var scene = await LokiScene.OpenAsync();
        var entries = new[] { Entry(scene.Logs.Now, "first line", ("trace_id", Trace)), Entry(scene.Logs.Now + 5, "second line", ("other", "x")) };
        var stream = Join([Field(1, """{service="pushed", zone="b"}"""u8.ToArray()), .. entries.Select(entry => Field(2, entry))]);
        var body = SnappyBlocks.Pack(Field(1, stream));
        Assert.Equal((HttpStatusCode.NoContent, ""), await PushAsync(scene, body, "application/x-protobuf"));
        Assert.Equal((HttpStatusCode.NoContent, ""), await PushAsync(scene, body, "application/x-protobuf", "snappy"));
        Assert.Equal(["first line", "first line", "second line", "second line"], scene.Logs.Lines("""{zone="b"}"""));
        Assert.Equal(["first line", "first line"], scene.Logs.Lines("", trace: Trace));
    }

    private static byte[] Entry(long nanoseconds, string line, (string Name, string Value) metadata) => Join(
    [
        Field(1, Join([Number(1, nanoseconds / 1_000_000_000), Number(2, nanoseconds % 1_000_000_000)])),
        Field(2, Encoding.UTF8.GetBytes(line)),
        Field(3, Join([Field(1, Encoding.UTF8.GetBytes(metadata.Name)), Field(2, Encoding.UTF8.GetBytes(metadata.Value))])),
    ]);

    private static byte[] Join(IEnumerable<byte[]> parts) => [.. parts.SelectMany(part => part)];

    private static byte[] Field(int number, byte[] bytes) => [(byte)((number << 3) | 2), .. Varint(bytes.Length), .. bytes];

    private static byte[] Number(int number, long value) => [(byte)(number << 3), .. Varint(value)];

    private static List<byte> Varint(long value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return bytes;
    }

    [Fact]
    public async Task Lines_too_old_or_from_the_future_are_left_out_and_the_rest_is_taken()
    {
        await using var scene = await LokiScene.OpenAsync();
        var now = scene.Logs.Now;
        foreach (var (at, told) in new[] { (now - (20 * 86_400_000_000_000), "timestamp too old"), (now + 3_600_000_000_000, "timestamp too new") })
        {
            var body = $$"""{"streams":[{"stream":{"service":"pushed"},"values":[["{{at}}","wrong"],["{{now}}","right"]]}]}""";
            var (status, text) = await PushAsync(scene, Encoding.UTF8.GetBytes(body), "application/json");
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains(told, text, StringComparison.Ordinal);
        }

        Assert.Equal(["right", "right"], scene.Logs.Lines("""{service="pushed"}"""));
    }

    [Theory]
    [InlineData("", "no JSON")]
    [InlineData("[]", "a list 'streams'")]
    [InlineData("{}", "a list 'streams'")]
    [InlineData("""{"streams":[5]}""", "streams[0].stream")]
    [InlineData("""{"streams":[{"stream":{},"values":[]}]}""", "at least one label")]
    [InlineData("""{"streams":[{"stream":{"a":5},"values":[]}]}""", "streams[0].stream.a has to be a text")]
    [InlineData("""{"streams":[{"stream":{"a-b":"x"},"values":[]}]}""", "'a-b' cannot be the name")]
    [InlineData("""{"streams":[{"stream":{"a":"x"}}]}""", "streams[0].values")]
    [InlineData("""{"streams":[{"stream":{"a":"x"},"values":[["1"]]}]}""", "streams[0].values[0] has to be")]
    [InlineData("""{"streams":[{"stream":{"a":"x"},"values":[["now","y"]]}]}""", "streams[0].values[0][0] has to be nanoseconds")]
    public async Task A_body_that_makes_no_sense_is_refused_with_its_place(string body, string told)
    {
        await using var scene = await LokiScene.OpenAsync();
        var (status, text) = await PushAsync(scene, Encoding.UTF8.GetBytes(body), "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(told, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bombs_foreign_types_and_broken_packing_are_refused()
    {
        await using var scene = await LokiScene.OpenAsync(change: services => services with { PushBytesMax = 100_000, PushUnpackedBytesMax = 200_000 });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PushAsync(scene, Gzip(new byte[10_000_000]), "application/json", "gzip")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PushAsync(scene, new byte[100_001], "application/json")).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await PushAsync(scene, [1], "text/plain")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PushAsync(scene, [1, 2, 3], "application/json", "gzip")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PushAsync(scene, [1, 2, 3], "application/json", "br")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PushAsync(scene, SnappyBlocks.Pack(new byte[250_000]), "application/x-protobuf")).Status);
    }

    [Fact]
    public async Task When_there_is_no_room_the_pusher_is_told_to_come_again()
    {
        await using var scene = await LokiScene.OpenAsync(await LogScene.OpenAsync(options => options with { MemoryBytesMax = 200 }));
        var (status, text) = await PushAsync(scene, Encoding.UTF8.GetBytes(Body(scene, "fits", new string('x', 1_000))), "application/json");
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Contains("no room for 1 of 2 lines", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_bodies_do_no_harm()
    {
        await using var scene = await LokiScene.OpenAsync();
        var good = Encoding.UTF8.GetBytes(Body(scene, "a line"));
        var stream = Join([Field(1, """{service="pushed"}"""u8.ToArray()), Field(2, Entry(scene.Logs.Now, "a line", ("trace_id", Trace)))]);
        var random = new Random(23);
        for (var round = 0; round < 150; round++)
        {
            var json = round % 2 == 0;
            var body = json ? (byte[])good.Clone() : SnappyBlocks.Pack(Field(1, stream));
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            var (status, _) = await PushAsync(scene, body, json ? "application/json" : "application/x-protobuf");
            Assert.True(status is HttpStatusCode.NoContent or HttpStatusCode.BadRequest, string.Create(CultureInfo.InvariantCulture, $"{(int)status}: {Convert.ToHexString(body)}"));
        }
    }
}
