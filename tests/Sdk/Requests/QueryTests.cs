using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Requests;

namespace Slipway.Sdk.Tests.Requests;

public sealed class QueryTests
{
    [Fact]
    public void Values_are_read()
    {
        var query = Query.Of(Request("?q=hello%20there&n=5&f=true&l=a,b&l=c&i=2026-01-15T09:30:00%2B01:00&d=2026-01-15&empty="));

        Assert.Equal("hello there", query.Text("q"));
        Assert.Equal(5, query.Number("n", 1, 10));
        Assert.True(query.Flag("f"));
        Assert.Equal(["a", "b", "c"], query.List("l"));
        Assert.Equal(new DateTimeOffset(2026, 1, 15, 8, 30, 0, TimeSpan.Zero), query.Instant("i"));
        Assert.Equal(new DateOnly(2026, 1, 15), query.Date("d"));
        Assert.Null(query.Text("empty"));
        Assert.Null(query.Text("absent"));
        Assert.Null(query.Problem());
    }

    [Theory]
    [InlineData("?n=11", "notANumber")]
    [InlineData("?n=1.5", "notANumber")]
    [InlineData("?n=1&n=2", "repeated")]
    [InlineData("?f=yes", "notAFlag")]
    [InlineData("?q=123456", "tooLong")]
    [InlineData("?q=a%00b", "control")]
    [InlineData("?l=1,2,3,4", "tooMany")]
    [InlineData("?i=2026-01-15", "notAnInstant")]
    [InlineData("?i=2026-01-15T09:30:00", "notAnInstant")]
    [InlineData("?d=15.01.2026", "notADate")]
    [InlineData("?N=1", "unknownParameter")]
    [InlineData("?nn", "unknownParameter")]
    public void What_is_wrong_is_told(string text, string code)
    {
        var problem = Read(text).Problem();

        Assert.Equal((422, code), (problem!.Status, problem.Errors.Single().Code));
        Assert.NotNull(problem.Errors.Single().Parameter);
    }

    [Fact]
    public void No_query_breaks_the_reader() => Prop.ForAll<string, string>((name, value) =>
    {
        var text = $"?{Uri.EscapeDataString(Clean(name))}={Uri.EscapeDataString(Clean(value))}&i={Uri.EscapeDataString(Clean(value))}";
        return Read(text).Problem() is null or { Status: 422 };
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("", 50, "createdAt", true)]
    [InlineData("?limit=7&sort=title", 7, "title", false)]
    [InlineData("?limit=100000&sort=-title", 200, "title", true)]
    [InlineData("?sort=createdAt", 50, "createdAt", false)]
    public void A_page_is_asked_for(string text, int limit, string sort, bool descending)
    {
        var request = Request(text);

        var page = PageRequest.Read(request, Query.Of(request), "-createdAt", "title").Value;

        Assert.Equal((limit, sort, descending), (page.Limit, page.Sort, page.Descending));
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=many")]
    [InlineData("?sort=password")]
    [InlineData("?offset=3")]
    public void A_page_that_cannot_be_had_is_refused(string text)
    {
        var request = Request(text);

        Assert.Equal(422, PageRequest.Read(request, Query.Of(request), "-createdAt", "title").Problem?.Status);
    }

    private static Query Read(string text)
    {
        var query = Query.Of(Request(text));
        query.Number("n", 1, 10);
        query.Flag("f");
        query.Text("q", max: 5);
        query.List("l", max: 3);
        query.Instant("i");
        query.Date("d");
        return query;
    }

    /// <summary>Unpaired surrogates have no spelling in an address.</summary>
    private static string Clean(string? text) => string.Concat((text ?? "").Where(character => !char.IsSurrogate(character)));

    private static HttpRequest Request(string query)
    {
        var http = new DefaultHttpContext();
        http.Request.QueryString = new QueryString(query);
        return http.Request;
    }
}
