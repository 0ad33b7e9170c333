namespace Slipway.Registry.Content;

/// <summary>How large single things may be. What is larger is refused with <c>too-large</c>, never cut.</summary>
internal static class Bounds
{
    public const long BlobBytesMax = 10L * 1024 * 1024 * 1024;

    public const int ManifestBytesMax = 4 * 1024 * 1024;

    /// <summary>A configuration is read into memory as a whole, as a manifest is.</summary>
    public const int ConfigBytesMax = 4 * 1024 * 1024;
}
