using System.Net;
using System.Net.Http.Headers;

namespace Slipway.Web.Tests.Shop;

/// <summary>What the page's host answers by itself.</summary>
public sealed class ShopHostTests(RunningShop shop)
{
    [Fact]
    public async Task The_page_may_call_its_own_host_and_the_payment_provider_and_nobody_else()
    {
        await shop.EnsureStartedAsync();
        using var page = await GetPageAsync("/");
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Matches(@"connect-src 'self' http://payment-sandbox\.localhost:\d+;", policy);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Its_neighbours_are_named_for_browsers()
    {
        await shop.EnsureStartedAsync();
        var settings = await shop.Host.GetStringAsync("/settings.json");
        Assert.Matches(@"^\{""paymentProvider"":""http://payment-sandbox\.localhost:\d+"",""accounts"":""http://identity\.localhost:\d+""\}$", settings);
    }

    [Theory]
    [InlineData("/products/MUG-01", HttpStatusCode.OK)]
    [InlineData("/confirmation/0198", HttpStatusCode.OK)]
    [InlineData("/vendor/new", HttpStatusCode.OK)]
    [InlineData("/nowhere", HttpStatusCode.NotFound)]
    public async Task Pages_are_those_the_script_draws(string path, HttpStatusCode status)
    {
        await shop.EnsureStartedAsync();
        using var page = await GetPageAsync(path);
        Assert.Equal(status, page.StatusCode);
        Assert.StartsWith("<!doctype html>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/store/products")]
    [InlineData("/my/unknown")]
    [InlineData("/api/v1/unknown")]
    public async Task Addresses_of_programs_are_never_a_page(string path)
    {
        await shop.EnsureStartedAsync();
        using var answer = await GetPageAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("<!doctype html>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_in_nobodys_name_is_refused_by_the_service_behind()
    {
        await shop.EnsureStartedAsync();
        using var answer = await shop.Host.GetAsync("/my/payments/payments");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private async Task<HttpResponseMessage> GetPageAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        return await shop.Host.SendAsync(request);
    }
}
