using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Slipway.Sdk.Tests.Requests;

public sealed class RequestPartsTests
{
    private static readonly HashSet<string> s_members = ["text", "stars"];

    [Theory]
    [InlineData("for=203.0.113.9;host=x;proto=http", "203.0.113.9")]
    [InlineData("for=10.0.0.1, for=203.0.113.9:4711;proto=https", "203.0.113.9")]
    [InlineData("proto=http;For=\"[2001:db8::7]:4711\"", "2001:db8::7")]
    [InlineData("for=\"[::ffff:203.0.113.9]\"", "203.0.113.9")]
    [InlineData("for=2001:db8::7", "2001:db8::7")]
    [InlineData("for=unknown", null)]
    [InlineData("for=_hidden", null)]
    [InlineData("proto=http", null)]
    [InlineData("", null)]
    [InlineData("for=\"[", null)]
    public void The_nearest_proxy_says_where_a_request_came_from(string header, string? address) =>
        Assert.Equal(address, ClientAddress.FromForwarded(header)?.ToString());

    [Fact]
    public void Without_a_proxy_the_peer_is_the_client()
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse("::ffff:192.0.2.1");

        Assert.Equal("192.0.2.1", ClientAddress.Of(http)?.ToString());
    }

    [Fact]
    public void No_forwarded_header_breaks_the_reader() =>
        Prop.ForAll<string>(text => ClientAddress.FromForwarded("for=" + text)?.ToString() != "").QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(null, 428)]
    [InlineData("\"6\"", 412)]
    [InlineData("W/\"7\"", 412)]
    [InlineData("7", 412)]
    [InlineData("\"7\"", 0)]
    [InlineData("\"5\", \"7\"", 0)]
    [InlineData("*", 0)]
    public void A_change_names_the_version_it_was_made_for(string? header, int status)
    {
        var request = Headers("If-Match", header);

        var problem = Versions.RequireMatch(request, 7);

        Assert.Equal(status, problem?.Status ?? 0);
        if (status == 412)
        {
            Assert.Contains(problem!.Headers, one => one is { Key: "ETag", Value: "\"7\"" });
        }
    }

    [Theory]
    [InlineData("\"7\"", true)]
    [InlineData("W/\"7\"", true)]
    [InlineData("\"1\",\"7\"", true)]
    [InlineData("\"8\"", false)]
    [InlineData(null, false)]
    public void A_reader_who_has_the_version_is_told_so(string? header, bool same) =>
        Assert.Equal(same, Versions.NotModified(Headers("If-None-Match", header), Versions.ETag(7)));

    [Fact]
    public async Task A_patch_keeps_apart_what_is_absent_and_what_is_cleared()
    {
        var patch = (await MergePatch.ReadAsync(Patch("""{"text":null}"""), s_members)).Value;

        Assert.True(patch.ContainsKey("text"));
        Assert.Null(patch["text"]);
        Assert.False(patch.ContainsKey("stars"));
    }

    [Theory]
    [InlineData("""{"text":1,"other":2,"more":3}""", "application/merge-patch+json", 422)]
    [InlineData("[]", "application/merge-patch+json", 422)]
    [InlineData("{", "application/json", 400)]
    [InlineData("{\"text\":1,\"text\":2}", "application/json", 400)]
    [InlineData("{}", "application/json-patch+json", 415)]
    [InlineData("{}", "application/json", 0)]
    public async Task A_patch_is_read_strictly(string body, string type, int status)
    {
        var problem = (await MergePatch.ReadAsync(Patch(body, type), s_members)).Problem;

        Assert.Equal(status, problem?.Status ?? 0);
    }

    [Theory]
    [InlineData("0198f2c5-0fe1-7c44-b5d2-0c9e8f7a6b51", true)]
    [InlineData("a.b_c-12", true)]
    [InlineData("1234567", false)]
    [InlineData("with blank 1", false)]
    [InlineData("with\nbreak1", false)]
    [InlineData("ünïcödé12", false)]
    [InlineData(null, false)]
    public void Only_harmless_request_ids_are_taken(string? id, bool accepted) => Assert.Equal(accepted, RequestIds.IsAcceptable(id));

    [Fact]
    public void A_text_is_trimmed_and_what_is_wrong_with_it_collected()
    {
        var findings = new Findings();

        Assert.Equal("hello", findings.Text("/a", "  hello ", max: 5));
        Assert.Null(findings.OptionalText("/b", "  ", max: 5));
        Assert.Equal("two\nlines", findings.OptionalText("/c", "two\nlines", max: 20));
        Assert.False(findings.Any);
        findings.Text("/d", null, max: 5);
        findings.Text("/e", "123456", max: 5);
        findings.Text("/f", "1", max: 5, min: 2);
        findings.Text("/g", "a\u0007b", max: 5);
        findings.Text("/h", "a\ud800b", max: 5);
        findings.Choice("/i", "blue", 0, ("red", 1), ("green", 2));
        Assert.Equal(2, findings.Choice("/j", "green", 0, ("red", 1), ("green", 2)));

        Assert.Equal(
            [("/d", "required"), ("/e", "tooLong"), ("/f", "tooShort"), ("/g", "control"), ("/h", "control"), ("/i", "notOneOf")],
            findings.ToProblem().Errors.Select(error => (error.Pointer!, error.Code)));
    }

    [Theory]
    [InlineData("outOfStock", "/problems/out-of-stock")]
    [InlineData("internal", "/problems/internal")]
    public void A_kind_of_problem_has_an_address(string code, string type) => Assert.Equal(type, ProblemDocument.TypeOf(code));

    private static HttpRequest Headers(string name, string? value)
    {
        var http = new DefaultHttpContext();
        if (value is not null)
        {
            http.Request.Headers[name] = value;
        }

        return http.Request;
    }

    private static HttpRequest Patch(string body, string type = "application/merge-patch+json")
    {
        var http = new DefaultHttpContext();
        http.Request.ContentType = type;
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return http.Request;
    }
}
