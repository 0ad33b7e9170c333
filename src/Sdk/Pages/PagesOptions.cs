namespace Slipway.Sdk.Pages;

/// <summary>What a site wants beyond the defaults.</summary>
public sealed class PagesOptions
{
    /// <summary>
    /// The pages the script draws, such as <c>/sign-in</c> or <c>/account/*</c> (everything below). They answer with the shell and 200;
    /// other addresses without a file answer with the shell and 404 to whoever accepts HTML, and with a problem document to programs.
    /// Empty: every address is a page.
    /// </summary>
    public IReadOnlyList<string> Routes { get; set; } = [];

    /// <summary>First segments that belong to programs. Nothing below them is ever answered with a page.</summary>
    public IReadOnlyList<string> Reserved { get; set; } =
        ["api", "auth", "oauth2", "session", ".well-known", "openapi", "docs", "metrics", "live", "ready", "health"];

    /// <summary>Origins besides its own that the page's scripts may call.</summary>
    public IReadOnlyList<string> ConnectSources { get; set; } = [];

    /// <summary>Tell browsers to insist on HTTPS. Off under <c>.localhost</c>, where the same host also serves plain HTTP.</summary>
    public bool StrictTransport { get; set; }

    /// <summary>A site is kept in memory; one that is larger is refused when the service starts.</summary>
    public long BytesMax { get; set; } = 64 * 1024 * 1024;
}
