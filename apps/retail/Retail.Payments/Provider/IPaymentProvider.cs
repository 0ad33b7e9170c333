namespace Retail.Payments.Provider;

/// <summary>What the bank says about a payment, in the words of no bank in particular.</summary>
internal sealed record ProviderIntent
{
    public required string Reference { get; init; }

    public required ProviderStatus Status { get; init; }

    public required long Amount { get; init; }

    public long Captured { get; init; }

    public long Refunded { get; init; }

    public string? CardBrand { get; init; }

    public string? Last4 { get; init; }

    public string? ActionUrl { get; init; }

    public string? FailureCode { get; init; }

    public string? FailureMessage { get; init; }

    /// <summary>The order it was made for, as the bank remembers it.</summary>
    public Guid? OrderId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

internal enum ProviderStatus
{
    Processing,
    ActionRequired,
    Authorized,
    Captured,
    Canceled,
    Declined,
}

internal sealed record ProviderCard(string Brand, string Last4);

/// <summary>
/// The end of a call. <see cref="Unknown"/> means that nobody can say whether the bank did it: the call is looked up and repeated
/// with its key, and never taken for a failure.
/// </summary>
internal abstract record ProviderAnswer
{
    internal sealed record Seen(ProviderIntent Intent) : ProviderAnswer;

    internal sealed record Repaid(string Reference) : ProviderAnswer;

    internal sealed record Refused(string Code, string Message) : ProviderAnswer;

    internal sealed record Absent : ProviderAnswer;

    internal sealed record Unknown(string Error) : ProviderAnswer;
}

internal sealed record AuthorizeCall(Guid OrderId, long Amount, string Currency, string Token, string Key, string ReturnUrl);

internal sealed record ProviderPage(IReadOnlyList<ProviderIntent> Intents, string? Next);

/// <summary>A bank. Every call carries a key under which it is done once however often it is sent.</summary>
internal interface IPaymentProvider
{
    Task<ProviderAnswer> AuthorizeAsync(AuthorizeCall call, CancellationToken cancellation);

    Task<ProviderAnswer> CaptureAsync(string reference, long amount, string key, CancellationToken cancellation);

    Task<ProviderAnswer> VoidAsync(string reference, string key, CancellationToken cancellation);

    Task<ProviderAnswer> RefundAsync(string reference, long amount, string key, CancellationToken cancellation);

    Task<ProviderAnswer> GetAsync(string reference, CancellationToken cancellation);

    /// <summary>The payment that was authorised under this key, if the bank knows of it.</summary>
    Task<ProviderAnswer> FindAsync(string key, CancellationToken cancellation);

    /// <summary>What is behind a token, or null if the bank does not know it.</summary>
    /// <exception cref="Slipway.Sdk.Problems.ProblemException">The bank does not answer.</exception>
    Task<ProviderCard?> CardAsync(string token, CancellationToken cancellation);

    /// <summary>Everything since then, newest first.</summary>
    /// <exception cref="Slipway.Sdk.Problems.ProblemException">The bank does not answer.</exception>
    Task<ProviderPage> ListAsync(DateTimeOffset since, string? after, CancellationToken cancellation);
}
