using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Gateway.Messages;
using Slipway.Gateway.Tests.World;

namespace Slipway.Gateway.Tests;

public sealed class StrictnessTests
{
    public static TheoryData<string, int> Refused => new()
    {
        { "POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400 },
        { "POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400 },
        { "POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 5, 5\r\n\r\nhello", 400 },
        { "POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: +5\r\n\r\nhello", 400 },
        { "POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 0x5\r\n\r\nhello", 400 },
        { "POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 99999999999999999999\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: shop.localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501 },
        { "POST / HTTP/1.1\r\nHost: shop.localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501 },
        { "POST / HTTP/1.1\r\nHost: shop.localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501 },
        { "POST / HTTP/1.0\r\nHost: shop.localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501 },
        { "POST / HTTP/1.1\r\nHost: shop.localhost\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: shop.localhost\r\nTransfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: shop.localhost\r\nX-Folded: a\r\n b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n Host: shop.localhost\r\n\r\n", 400 },
        { "GET / HTTP/1.1\nHost: shop.localhost\n\n", 400 },
        { "GET / HTTP/1.1\r\nHost: shop.localhost\nX: y\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: shop.localhost\r\nX: a\rb\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: shop.localhost\r\nX: a\0b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: shop.localhost\r\nHost: other.localhost\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: shop.localhost, other.localhost\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: shop.localhost/path\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: user@shop.localhost\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: shop.localhost:port\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n\r\n", 400 },
        { "GET / HTTP/1.1 \r\nHost: shop.localhost\r\n\r\n", 400 },
        { "GET  / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n", 400 },
        { "GET /a b HTTP/1.1\r\nHost: shop.localhost\r\n\r\n", 400 },
        { "GET /a#b HTTP/1.1\r\nHost: shop.localhost\r\n\r\n", 400 },
        { "GET ftp://shop.localhost/ HTTP/1.1\r\nHost: shop.localhost\r\n\r\n", 400 },
        { "GET http://user@shop.localhost/ HTTP/1.1\r\nHost: shop.localhost\r\n\r\n", 400 },
        { "G\u00e9T / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n", 400 },
        { "CONNECT shop.localhost:80 HTTP/1.1\r\nHost: shop.localhost\r\n\r\n", 400 },
        { "GET / HTTP/2.0\r\nHost: shop.localhost\r\n\r\n", 505 },
        { "GET / http/1.1\r\nHost: shop.localhost\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: shop.localhost\r\nExpect: miracles\r\n\r\n", 417 },
        { "GET / HTTP/1.1\r\nHost: shop.localhost\r\n: nameless\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: shop.localhost\r\nno colon\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: shop.localhost\r\n" + string.Concat(Enumerable.Range(0, 201).Select(i => $"X-{i}: 1\r\n")) + "\r\n", 431 },
        { "GET / HTTP/1.1\r\nHost: shop.localhost\r\nX: " + new string('a', 70_000) + "\r\n\r\n", 431 },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_two_servers_could_read_differently_is_refused_and_never_forwarded(string request, int status)
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("ok");
        await world.ServeAsync("shop", shop);
        using var client = await world.ConnectAsync();

        await client.SendAsync(request + "GET /smuggled HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
        var answer = await client.ReadAnswerAsync();

        Assert.Equal(status, answer.Status);
        Assert.NotNull(answer.Code);
        Assert.True(await client.IsClosedAsync());
        Assert.Empty(shop.Requests);
    }

    [Theory]
    [InlineData("5\r\nhello\r\n0\r\n\r")]
    [InlineData("5\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhelloXX0\r\n\r\n")]
    [InlineData("-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("fffffffffffffffff\r\n")]
    [InlineData("\r\n")]
    public async Task A_body_with_broken_chunks_never_completes(string body)
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = new Upstream(async request =>
        {
            var text = await request.Reader.ReadToEndAsync();
            Assert.DoesNotContain("0\r\n\r\n", text, StringComparison.Ordinal);
        });
        await world.ServeAsync("shop", shop);
        using var client = await world.ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1\r\nHost: shop.localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + body + "X");
        var answer = await client.ReadAnswerAsync();

        Assert.Equal((400, "malformedBody"), (answer.Status, answer.Code));
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task An_absolute_target_outranks_the_host_field_everywhere()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = new Upstream(request => request.OkAsync($"{request.Line} {request.Field("Host")}"));
        await world.ServeAsync("shop", shop);
        using var client = await world.ConnectAsync();

        await client.SendAsync("GET http://shop.localhost/a?b HTTP/1.1\r\nHost: other.localhost\r\n\r\n");

        Assert.Equal("GET /a?b HTTP/1.1 shop.localhost", (await client.ReadAnswerAsync()).Body);
    }

    [Fact]
    public void Whatever_bytes_arrive_a_head_is_read_or_refused()
    {
        var head = new RequestHead();
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            head.Read(bytes);
            head.Read([.. "GET / HTTP/1.1\r\nHost: a\r\n"u8, .. bytes, .. "\r\n\r\n"u8]);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_well_formed_head_is_read_back_field_by_field()
    {
        var names = Gen.Elements("X-One", "accept", "COOKIE", "x-y-z", "Authorization");
        var values = Gen.Elements("", "a", "a b", "  padded  ", "\"quoted\"", "é", new string('v', 300));
        var fields = Gen.Zip(names, values).ListOf().Where(list => list.Count < 50);
        Prop.ForAll(fields.ToArbitrary(), list =>
        {
            var text = "GET /path?query HTTP/1.1\r\nHost: a.b:1\r\n" + string.Concat(list.Select(field => $"{field.Item1}:{field.Item2}\r\n")) + "\r\n";
            var head = new RequestHead();
            Assert.Equal(HeadError.None, head.Read(Encoding.Latin1.GetBytes(text)));
            Assert.Equal(list.Count + 1, head.FieldCount);
            for (var i = 0; i < list.Count; i++)
            {
                Assert.Equal(list[i].Item1, Encoding.Latin1.GetString(head.NameOf(head.Fields[i + 1])));
                Assert.Equal(list[i].Item2.Trim(), Encoding.Latin1.GetString(head.ValueOf(head.Fields[i + 1])));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Chunks_end_where_they_end_however_they_are_cut()
    {
        var chunks = Gen.Choose(1, 40).Select(size => new string('x', size)).ListOf();
        var cuts = Gen.Choose(1, 30).NonEmptyListOf();
        Prop.ForAll(Gen.Zip(chunks, cuts).ToArbitrary(), given =>
        {
            var (parts, pieces) = given;
            var message = string.Concat(parts.Select(part => $"{part.Length:x};a=b\r\n{part}\r\n")) + "0\r\nT: v\r\n\r\n";
            var bytes = Encoding.ASCII.GetBytes(message + "GET / NEXT");
            var scanner = default(ChunkScanner);
            var payload = 0;
            var position = 0;
            for (var step = 0; !scanner.IsDone; step++)
            {
                var piece = bytes.AsSpan(position, Math.Min(pieces[step % pieces.Count], bytes.Length - position));
                while (piece.Length > 0 && !scanner.IsDone)
                {
                    Assert.False(scanner.IsBroken);
                    var taken = scanner.Scan(piece, out var count);
                    payload += count;
                    position += taken;
                    piece = piece[taken..];
                }
            }

            Assert.Equal(message.Length, position);
            Assert.Equal(parts.Sum(part => part.Length), payload);
        }).QuickCheckThrowOnFailure();
    }
}
