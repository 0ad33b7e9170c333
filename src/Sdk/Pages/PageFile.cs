using Microsoft.Extensions.Primitives;

namespace Slipway.Sdk.Pages;

/// <summary>One file of a site, held in memory in every form in which it is sent.</summary>
internal sealed class PageFile
{
    public required StringValues ContentType { get; init; }

    public required StringValues CacheControl { get; init; }

    /// <summary>As it was built.</summary>
    public required PageVariant Plain { get; init; }

    public PageVariant? Gzip { get; init; }

    public PageVariant? Brotli { get; init; }

    /// <summary>The smallest form that the reader understands; the plain one where compression won nothing.</summary>
    public PageVariant For(AcceptedEncodings accepted)
    {
        if (Brotli is not null && accepted.HasFlag(AcceptedEncodings.Brotli))
        {
            return Brotli;
        }

        return Gzip is not null && accepted.HasFlag(AcceptedEncodings.Gzip) ? Gzip : Plain;
    }
}

/// <summary>The bytes of one form of a file. Each form has an entity tag of its own, because they are different bytes.</summary>
internal sealed record PageVariant(ReadOnlyMemory<byte> Bytes, StringValues ETag, StringValues ContentEncoding);
