namespace Slipway.Api.Certificates;

/// <summary>Where certificates are kept and whom they speak for.</summary>
public sealed record CertificateOptions
{
    /// <summary>Folder for keys and certificates; made when absent, readable by its owner only.</summary>
    public required string Folder { get; init; }

    /// <summary>Host names and addresses beside the ones every installation has.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Trust in the authority is copied to clients by hand, so it lasts.</summary>
    public TimeSpan AuthorityLifetime { get; init; } = TimeSpan.FromDays(3650);

    /// <summary>Some clients refuse serving certificates that live longer than a year or so.</summary>
    public TimeSpan ServingLifetime { get; init; } = TimeSpan.FromDays(365);

    /// <summary>A certificate is replaced when less than this share of its life is left.</summary>
    public double RenewWhenLeft { get; init; } = 1.0 / 3;
}
