using Retail.Catalog.Caching;
using Retail.Catalog.Categories;
using Slipway.Sdk.Caching;
using System.Threading.Channels;

namespace Retail.Catalog.Live;

/// <summary>
/// Where commits are made known: the cache forgets at once, open streams and other instances are told a moment later. A full board keeps
/// one word, "everything", instead of what no longer fits.
/// </summary>
internal sealed class NoticeBoard(ResponseCache cache, CategoryShelf categories)
{
    private const int Waiting = 4096;

    private readonly Channel<ProductNotice> _toOthers = Bounded();
    private readonly Channel<ProductNotice> _toStreams = Bounded();
    private int _lostToOthers;
    private int _lostToStreams;

    public ChannelReader<ProductNotice> ToOthers => _toOthers.Reader;

    public ChannelReader<ProductNotice> ToStreams => _toStreams.Reader;

    /// <summary>This instance has committed these.</summary>
    public void Post(IReadOnlyList<ProductNotice> notices)
    {
        foreach (var notice in notices)
        {
            if (!_toOthers.Writer.TryWrite(notice))
            {
                Volatile.Write(ref _lostToOthers, 1);
            }
        }

        Heard(notices);
    }

    /// <summary>Another instance has.</summary>
    public void Heard(IReadOnlyList<ProductNotice> notices)
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

    public bool LostToOthers() => Interlocked.Exchange(ref _lostToOthers, 0) == 1;

    public bool LostToStreams() => Interlocked.Exchange(ref _lostToStreams, 0) == 1;

    private static Channel<ProductNotice> Bounded() =>
        Channel.CreateBounded<ProductNotice>(new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
}
