using Retail.Catalog.Caching;
using Retail.Catalog.Categories;
using Slipway.Sdk.Caching;
using Slipway.Sdk.Notices;
using System.Threading.Channels;

namespace Retail.Catalog.Live;

/// <summary>
/// Where commits are made known: the cache forgets at once, open streams and other instances are told a moment later. A full board keeps
/// one word, "everything", instead of what no longer fits.
/// </summary>
internal sealed class NoticeBoard(ResponseCache cache, CategoryShelf categories, InstanceNotices others) : INoticeReader
{
    public const string ChannelName = "catalog_changes";

    private const int Waiting = 4096;

    private readonly Channel<ProductNotice> _toStreams = Bounded();
    private int _lostToStreams;

    public ChannelReader<ProductNotice> ToStreams => _toStreams.Reader;

    /// <summary>This instance has committed these.</summary>
    public void Post(IReadOnlyList<ProductNotice> notices)
    {
        others.Tell(notices.Select(notice => notice.Write()));
        Take(notices);
    }

    public void Heard(IReadOnlyList<string> notices) => Take([.. notices.Select(ProductNotice.Read)]);

    public void Missed() => Take([ProductNotice.Everything]);

    /// <summary>Nothing remembered is served while nobody would say when it is old.</summary>
    public void Listening(bool hears) => cache.Trusted = hears;

    public bool LostToStreams() => Interlocked.Exchange(ref _lostToStreams, 0) == 1;

    private void Take(IReadOnlyList<ProductNotice> notices)
    {
        foreach (var notice in notices)
        {
            if (notice.Kind == NoticeKind.Everything)
            {
                categories.Forget();
                cache.Clear();
            }
            else
            {
                cache.Forget([CacheTags.Product(notice.ProductId), .. notice.Categories.Select(CacheTags.Category), .. notice.Categories.Count > 0 ? [CacheTags.AnyCategory] : Array.Empty<string>()]);
            }

            if (!_toStreams.Writer.TryWrite(notice))
            {
                Volatile.Write(ref _lostToStreams, 1);
            }
        }
    }

    private static Channel<ProductNotice> Bounded() =>
        Channel.CreateBounded<ProductNotice>(new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
}
