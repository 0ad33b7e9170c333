using Retail.Catalog.Live;

namespace Slipway.RetailCatalog.Tests.Live;

public sealed class ProductNoticeTests
{
    [Fact]
    public void A_notice_survives_its_writing_and_nonsense_means_everything()
    {
        var notice = new ProductNotice(Guid.NewGuid(), NoticeKind.Price, ["kitchen", "cookware"]);

        var read = ProductNotice.Read(notice.Write());

        Assert.Equal((notice.ProductId, notice.Kind), (read.ProductId, read.Kind));
        Assert.Equal(notice.Categories, read.Categories);
        Assert.All(["", "x", "9|00|", "1|nope|a", "1"], text => Assert.Equal(NoticeKind.Everything, ProductNotice.Read(text).Kind));
    }
}
