using Retail.Catalog.Images;
using Slipway.RetailCatalog.Tests.Scenes;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailCatalog.Tests.Products;

public sealed class ImageTests(CatalogScene scene) : IClassFixture<CatalogScene>
{
    [Fact]
    public async Task A_picture_is_given_shown_and_taken_away()
    {
        var vendor = scene.Vendor();
        var created = await vendor.OfferAsync("Pictured");
        var bytes = Picture.Draw("Pictured");

        var given = await SendAsync(vendor, created, bytes, "image/png", created.ETag());
        var address = Person.Expect(given, 200).Text("imageUrl");
        using var shown = await scene.Nobody().Client.GetAsync(address);

        Assert.Equal(bytes, await shown.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", shown.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", shown.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-cache", Assert.Single((await scene.Nobody().GetAsync(created.Path() + "/image")).Header("Cache-Control")!.Split(", ").Skip(1)));
        var taken = await vendor.DeleteAsync(created.Path() + "/image", given.ETag());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, Person.Expect(taken, 200).GetProperty("imageUrl").ValueKind);
        (await scene.Nobody().GetAsync(created.Path() + "/image")).Problem(404);
    }

    [Fact]
    public async Task What_only_claims_to_be_a_picture_is_refused()
    {
        var vendor = scene.Vendor();
        var created = await vendor.OfferAsync("Unpictured");

        (await SendAsync(vendor, created, "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), "image/svg+xml", created.ETag())).Problem(415);
        Assert.Equal([""], (await SendAsync(vendor, created, "<svg/>"u8.ToArray(), "image/png", created.ETag())).ErrorsAt());
        Assert.Equal([""], (await SendAsync(vendor, created, Picture.Draw("x"), "image/jpeg", created.ETag())).ErrorsAt());
        (await SendAsync(vendor, created, new byte[(2 * 1024 * 1024) + 1], "image/png", created.ETag())).Problem(413);
        (await SendAsync(vendor, created, Picture.Draw("x"), "image/png", null)).Problem(428);
        (await SendAsync(scene.Vendor(), created, Picture.Draw("x"), "image/png", created.ETag())).Problem(403);
    }

    [Fact]
    public void The_same_name_is_drawn_the_same_and_others_differently()
    {
        Assert.Equal(Picture.Draw("Teapot"), Picture.Draw("Teapot"));
        Assert.NotEqual(Picture.Draw("Teapot"), Picture.Draw("Tent"));
        Assert.Equal("image/png", ImageKind.Of(Picture.Draw("Tent")));
        Assert.InRange(Picture.Draw("Tent").Length, 200, 40_000);
    }

    private static Task<Answer> SendAsync(Person person, Answer product, byte[] bytes, string type, string? etag) => person.SendAsync(
        "PUT", product.Path() + "/image", bytes, [("Content-Type", type), .. etag is null ? Array.Empty<(string, string)>() : [("If-Match", etag)]]);
}
