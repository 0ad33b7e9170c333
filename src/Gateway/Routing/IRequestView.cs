using System.Net;

namespace Slipway.Gateway.Routing;

/// <summary>A request as rules and policies look at it, whichever protocol it came by. Text is made only when it is asked for.</summary>
internal interface IRequestView
{
    string Method { get; }

    /// <summary>Without the query, as sent.</summary>
    string Path { get; }

    /// <summary>With its question mark; empty when there is none.</summary>
    string Query { get; }

    /// <summary>Host and port as sent.</summary>
    string Authority { get; }

    bool IsSecure { get; }

    /// <summary>The caller's address: the peer's own, or what a trusted proxy says.</summary>
    IPAddress? Caller { get; }

    string? Header(string name);
}
