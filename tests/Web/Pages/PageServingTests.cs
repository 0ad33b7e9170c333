using System.IO.Compression;
using System.Net;
using System.Text;
using Slipway.Sdk.Pages;

namespace Slipway.Web.Tests.Pages;

public sealed class PageServingTests
{
    private const string Script = "/assets/index-B7q_x-9Z.js";

    [Fact]
    public async Task The_root_is_the_shell()
    {
        await using var site = await BuiltSite.StartAsync();
        using var answer = await site.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.StartsWith(BuiltSite.Shell, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("no-cache", answer.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("GZIP;q=0.5", "gzip")]
    [InlineData("*", "br")]
    [InlineData("*, br;q=0", "gzip")]
    [InlineData("identity", null)]
    [InlineData("br;q=0", null)]
    [InlineData("br;q=often", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public async Task The_smallest_form_that_the_reader_understands_is_sent(string? accepted, string? sent)
    {
        await using var site = await BuiltSite.StartAsync();
        using var answer = await site.GetAsync(Script, accepted);
        Assert.Equal(sent, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("Accept-Encoding", answer.Headers.Vary.Single());
        var body = await answer.Content.ReadAsStreamAsync();
        await using Stream plain = sent switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain, Encoding.UTF8);
        Assert.Equal(await File.ReadAllTextAsync(site.Folder + Script), await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Hashed_files_are_kept_for_ever_and_others_are_asked_for_again()
    {
        await using var site = await BuiltSite.StartAsync();
        using var hashed = await site.GetAsync(Script);
        using var named = await site.GetAsync("/robots.txt");
        Assert.Equal("public, max-age=31536000, immutable", hashed.Headers.GetValues("Cache-Control").Single());
        Assert.Equal("no-cache", named.Headers.GetValues("Cache-Control").Single());
    }

    [Fact]
    public async Task A_reader_who_has_the_bytes_gets_none()
    {
        await using var site = await BuiltSite.StartAsync();
        using var first = await site.GetAsync("/", "br");
        var tag = first.Headers.ETag!.ToString();
        using var again = await site.GetAsync("/", "br", knows: $"\"other\", W/{tag}");
        using var otherForm = await site.GetAsync("/", "gzip", knows: tag);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.OK, otherForm.StatusCode);
        Assert.NotEqual(tag, otherForm.Headers.ETag!.ToString());
    }

    [Fact]
    public async Task A_head_request_has_the_length_and_no_bytes()
    {
        await using var site = await BuiltSite.StartAsync();
        using var answer = await site.GetAsync(Script, method: HttpMethod.Head);
        Assert.Equal(new FileInfo(site.Folder + Script).Length, answer.Content.Headers.ContentLength);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Pages_may_run_nothing_that_is_not_theirs()
    {
        await using var site = await BuiltSite.StartAsync(new PagesOptions { StrictTransport = true });
        using var answer = await site.GetAsync("/");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("*", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        Assert.Contains("max-age", answer.Headers.GetValues("Strict-Transport-Security").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/lists/0198", 200)]
    [InlineData("/deep/er/page", 200)]
    [InlineData("/api/v1/unknown", 404)]
    [InlineData("/API/v1/unknown", 404)]
    [InlineData("/assets/gone-12345678.js", 404)]
    [InlineData("/../../etc/passwd", 200)]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd.txt", 404)]
    [InlineData("/assets/..%2findex.html", 404)]
    [InlineData("/index.html.br", 404)]
    public async Task Every_other_address_is_a_page_unless_it_belongs_to_programs_or_names_a_file(string path, int status)
    {
        await using var site = await BuiltSite.StartAsync();
        using var answer = await site.GetAsync(path);
        Assert.Equal(status, (int)answer.StatusCode);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.Equal(status == 200, body.StartsWith(BuiltSite.Shell, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/", 200)]
    [InlineData("/sign-in", 200)]
    [InlineData("/account", 200)]
    [InlineData("/account/two-factor", 200)]
    [InlineData("/accounting", 404)]
    [InlineData("/nowhere", 404)]
    public async Task With_known_routes_an_unknown_one_is_drawn_too_but_says_404(string path, int status)
    {
        await using var site = await BuiltSite.StartAsync(new PagesOptions { Routes = ["/sign-in", "/account/*"] });
        using var answer = await site.GetAsync(path);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.StartsWith(BuiltSite.Shell, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_asks_for_an_unknown_page_is_left_to_the_service()
    {
        await using var site = await BuiltSite.StartAsync(new PagesOptions { Routes = ["/sign-in"] });
        using var answer = await site.Client.GetAsync("/nowhere");
        Assert.Equal((HttpStatusCode.NotFound, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Endpoints_go_before_pages_whatever_the_method()
    {
        await using var site = await BuiltSite.StartAsync();
        using var known = await site.GetAsync("/known");
        using var wrongMethod = await site.GetAsync("/api/v1/things");
        using var post = await site.GetAsync("/lists", method: HttpMethod.Post);
        Assert.Equal("an endpoint", await known.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrongMethod.StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, post.StatusCode);
    }

    [Fact]
    public async Task Without_a_built_site_the_endpoints_still_answer()
    {
        await using var site = await BuiltSite.StartAsync(empty: true);
        using var known = await site.GetAsync("/known");
        using var page = await site.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
    }

    [Fact]
    public async Task A_site_that_would_fill_the_memory_is_refused_at_the_start()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => BuiltSite.StartAsync(new PagesOptions { BytesMax = 100 }));
        Assert.Contains("at most 100", refused.Message, StringComparison.Ordinal);
    }
}
