using System.Text;
using System.Text.Json.Serialization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Slipway.Sdk.Tests.Requests;

public sealed class BodyTests
{
    [Fact]
    public async Task A_good_body_is_read()
    {
        var order = (await ReadAsync("""{"customer":"a","kind":"veryLarge","lines":[{"quantity":2}],"tags":{"x":1}}""")).Value;

        Assert.Equal(("a", Kind.VeryLarge, 2), (order.Customer, order.Kind, order.Lines[0].Quantity));
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_with_its_place()
    {
        var problem = await ProblemAsync("""{"customer":null,"kind":"huge","lines":[{"quantity":"two"},{"quantity":1,"colour":"red"},7],"tags":{"a/b":"x"},"wrong~name":1}""");

        Assert.Equal(422, problem.Status);
        Assert.Equal(
            [("/customer", "required"), ("/kind", "mistyped"), ("/lines/0/quantity", "mistyped"), ("/lines/1/colour", "unknownField"), ("/lines/2", "mistyped"), ("/tags/a~1b", "mistyped"), ("/wrong~0name", "unknownField")],
            problem.Errors.Select(error => (error.Pointer!, error.Code)));
        Assert.Contains("one of small, veryLarge", problem.Errors[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        var problem = await ProblemAsync("""{"lines":[{}]}""");

        Assert.Equal([("/lines/0/quantity", "required"), ("/customer", "required")], problem.Errors.Select(error => (error.Pointer!, error.Code)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"customer\":\"a\"}}")]
    [InlineData("{'customer':'a'}")]
    [InlineData("{\"customer\":\"a\",}")]
    [InlineData("// hello\n{}")]
    [InlineData("{\"customer\":\"a\",\"customer\":\"b\"}")]
    [InlineData("{\"customer\":01}")]
    [InlineData("NaN")]
    public async Task What_is_not_json_is_malformed(string body) => Assert.Equal((400, "malformedJson"), await StatusAsync(body));

    [Theory]
    [InlineData(null, 415)]
    [InlineData("text/plain", 415)]
    [InlineData("application/jsonx", 415)]
    [InlineData("application/merge-patch+json", 415)]
    [InlineData("application/json; charset=utf-8", 0)]
    [InlineData("Application/JSON", 0)]
    [InlineData("application/vnd.todo+json", 0)]
    public async Task Only_json_is_read(string? contentType, int status)
    {
        var problem = (await Body.ReadAsync(Request("""{"customer":"a","lines":[]}""", contentType), OrderJson.Default.Order)).Problem;

        Assert.Equal(status, problem?.Status ?? 0);
    }

    [Fact]
    public async Task A_compressed_body_is_refused()
    {
        var request = Request("""{"customer":"a","lines":[]}""");
        request.Headers.ContentEncoding = "gzip";

        Assert.Equal(415, (await Body.ReadAsync(request, OrderJson.Default.Order)).Problem?.Status);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_whether_it_says_so_or_not()
    {
        var large = $"{{\"customer\":\"{new string('a', 2_000)}\",\"lines\":[]}}";
        var silent = Request(large);
        silent.ContentLength = null;

        Assert.Equal(413, (await Body.ReadAsync(Request(large), OrderJson.Default.Order, bytesMax: 1_000)).Problem?.Status);
        Assert.Equal(413, (await Body.ReadAsync(silent, OrderJson.Default.Order, bytesMax: 1_000)).Problem?.Status);
        Assert.Null((await Body.ReadAsync(Request(large), OrderJson.Default.Order, bytesMax: 4_000)).Problem);
    }

    [Fact]
    public void No_text_breaks_the_reader() =>
        Prop.ForAll<string>(text => StatusAsync(text ?? "").GetAwaiter().GetResult() is (400, _) or (422, _)).QuickCheckThrowOnFailure();

    [Fact]
    public void No_value_in_any_member_breaks_the_reader()
    {
        var values = Gen.Elements("null", "1", "-1.5e3", "true", "\"text\"", "[]", "[[]]", "{}", "{\"quantity\":{}}", "[{\"quantity\":1}]", "\"\\ud800\"", "1e999", "\"2026-01-01\"");
        var names = Gen.Elements("customer", "kind", "lines", "tags", "due", "other", "", "Customer");
        var member = names.SelectMany(name => values.Select(value => $"\"{name}\":{value}"));
        var bodies = member.ListOf().Select(members => "{" + string.Join(',', members) + "}").ToArbitrary();

        Prop.ForAll(bodies, body => ReadAsync(body).GetAwaiter().GetResult().Problem is null or { Status: 400 or 422, Errors: not null }).QuickCheckThrowOnFailure();
    }

    private static async Task<(int Status, string Code)> StatusAsync(string body) =>
        (await ReadAsync(body)).Problem is { } problem ? (problem.Status, problem.Code) : (0, "");

    private static async Task<Problem> ProblemAsync(string body) => (await ReadAsync(body)).Problem ?? throw new InvalidOperationException("It was read.");

    private static async Task<Outcome<Order>> ReadAsync(string body) => await Body.ReadAsync(Request(body), OrderJson.Default.Order);

    private static HttpRequest Request(string body, string? contentType = "application/json")
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var http = new DefaultHttpContext();
        http.Request.Method = "POST";
        http.Request.ContentType = contentType;
        http.Request.ContentLength = bytes.Length;
        http.Request.Body = new MemoryStream(bytes);
        return http.Request;
    }
}

internal sealed record Order
{
    public required string Customer { get; set; }

    public Kind Kind { get; set; }

    public required IReadOnlyList<OrderLine> Lines { get; set; }

    public Dictionary<string, int>? Tags { get; set; }

    public DateOnly? Due { get; set; }
}

internal sealed record OrderLine
{
    public required int Quantity { get; set; }
}

internal enum Kind
{
    Small,
    VeryLarge,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, Converters = [typeof(EnumNames<Kind>)])]
[JsonSerializable(typeof(Order))]
internal sealed partial class OrderJson : JsonSerializerContext;
