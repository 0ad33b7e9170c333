namespace Slipway.Identity.OAuth;

/// <summary>What a browser brought to the authorisation endpoint, checked against the client it names.</summary>
internal sealed record AuthorizeRequest
{
    public required Client Client { get; init; }

    public required string RedirectUri { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required IReadOnlyList<string> Audiences { get; init; }

    public required string Challenge { get; init; }

    public string? State { get; init; }

    public string? Nonce { get; init; }

    public Prompt Prompt { get; init; }

    public TimeSpan? AgeMax { get; init; }

    public string? LoginHint { get; init; }
}

internal enum Prompt
{
    Unsaid,
    None,
    Login,
    Consent,
    Create,
}

/// <summary>
/// The answer to an authorisation request. A mistake is told to the client only when its address is proven to be the client's;
/// otherwise the person sees it, because redirecting to an unproven address is the attack.
/// </summary>
internal abstract record AuthorizeReading
{
    private AuthorizeReading()
    {
    }

    internal sealed record Good(AuthorizeRequest Request) : AuthorizeReading;

    internal sealed record ForClient(string RedirectUri, string? State, string Error, string Detail) : AuthorizeReading;

    internal sealed record ForPerson(string Code, string Detail) : AuthorizeReading;
}
