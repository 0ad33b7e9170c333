using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Slipway.Telemetry.Otlp;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Tests.Traces;

namespace Slipway.Telemetry.Tests.Otlp;

public sealed class OtlpGrpcTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_is_taken_plain_and_compressed(bool gzip)
    {
        await using var doors = await OtlpDoors.OpenAsync();
        Assert.Equal("0", await CallAsync(doors, Frame(gzip ? Zip(Message()) : Message(), gzip), gzip ? "gzip" : null));
        Assert.Single(doors.Spans);
    }

    [Fact]
    public async Task When_there_is_no_room_the_code_is_one_that_makes_a_sender_come_back()
    {
        await using var doors = await OtlpDoors.OpenAsync();
        doors.Room = 0;
        Assert.Equal("14", await CallAsync(doors, Frame(Message(), false), null));
    }

    [Fact]
    public async Task A_call_that_cannot_be_read_is_told_so()
    {
        await using var doors = await OtlpDoors.OpenAsync();
        Assert.Equal("3", await CallAsync(doors, [], null));
        Assert.Equal("3", await CallAsync(doors, [0, 0, 0, 0, 9, 1], null));
        Assert.Equal("3", await CallAsync(doors, Frame([0xff], false), null));
        Assert.Equal("3", await CallAsync(doors, Frame([1, 2, 3], true), "gzip"));
        Assert.Equal("12", await CallAsync(doors, Frame([1, 2, 3], true), "snappy"));
        Assert.Equal("8", await CallAsync(doors, Frame(Zip(new byte[OtlpServices.PlainMax + 1]), true), "gzip"));
        Assert.Equal(0, doors.Services.Memory.Used);
    }

    private static async Task<string?> CallAsync(OtlpDoors doors, byte[] body, string? encoding)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(doors.Grpc, "/opentelemetry.proto.collector.trace.v1.TraceService/Export"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        if (encoding is not null)
        {
            request.Headers.Add("grpc-encoding", encoding);
        }

        using var answer = await client.SendAsync(request);
        _ = await answer.Content.ReadAsByteArrayAsync();
        return (answer.TrailingHeaders.TryGetValues("grpc-status", out var status) || answer.Headers.TryGetValues("grpc-status", out status)) ? status.Single() : null;
    }

    private static byte[] Message()
    {
        var writer = new ProtoWriter();
        OtlpEncoder.Spans([SpanMaker.Span(1)], writer);
        return writer.ToArray();
    }

    private static byte[] Frame(byte[] message, bool compressed)
    {
        var frame = new byte[message.Length + 5];
        frame[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static byte[] Zip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            zip.Write(bytes);
        }

        return packed.ToArray();
    }
}
