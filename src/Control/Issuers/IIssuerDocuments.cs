using Slipway.Model.Failures;

namespace Slipway.Control.Issuers;

/// <summary>What a Service that issues tokens says about itself.</summary>
/// <param name="Issuer">The name its tokens carry.</param>
/// <param name="Keys">Its public keys, as a JSON Web Key Set.</param>
internal sealed record IssuerDocument(string Issuer, string Keys);

internal interface IIssuerDocuments
{
    Task<Outcome<IssuerDocument>> FetchAsync(string @namespace, string service, CancellationToken cancellation);
}
