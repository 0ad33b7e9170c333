using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Tokens;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Api.Access;

/// <summary>Finds out who sends a request: bearer token, client certificate, or the anonymous caller where one is configured.</summary>
internal sealed class Authenticator
{
    private const string Scheme = "Bearer ";

    private readonly AccessOptions _options;
    private readonly TokenIssuer _issuer;
    private readonly IResourceStore _store;
    private readonly TimeProvider _time;

    // Looked up by hash, so that how long a wrong guess takes says nothing about the right one.
    private readonly FrozenDictionary<string, Caller> _callersByTokenHash;

    public Authenticator(AccessOptions options, TokenIssuer issuer, IResourceStore store, TimeProvider time)
    {
        _options = options;
        _issuer = issuer;
        _store = store;
        _time = time;
        _callersByTokenHash = options.Tokens
            .GroupBy(token => HashOf(token.Token), StringComparer.Ordinal)
            .ToFrozenDictionary(same => same.Key, same => Authenticated(same.First().Caller), StringComparer.Ordinal);
    }

    /// <summary>Null means 401: a wrong credential, or none where one is required.</summary>
    public Caller? Identify(HttpContext http)
    {
        var authorization = http.Request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            var token = authorization[Scheme.Length..].Trim();
            return _callersByTokenHash.TryGetValue(HashOf(token), out var known) ? known : ByServiceAccount(token);
        }

        if (http.Connection.ClientCertificate is { } certificate && _options.ClientAuthority is { } authority)
        {
            return ByCertificate(certificate, authority);
        }

        return _options.Anonymous;
    }

    private Caller? ByServiceAccount(string token)
    {
        // A token outlives neither its account nor an account of the same name that came before.
        var account = _issuer.Verify(token);
        return account is null
            || _store.Get(new ResourceKey(Kinds.ServiceAccount, account.Namespace, account.Name))?.Uid != account.Uid
            ? null
            : Authenticated(new Caller(
                $"system:serviceaccount:{account.Namespace}:{account.Name}",
                ["system:serviceaccounts", $"system:serviceaccounts:{account.Namespace}"],
                account.Uid));
    }

    private Caller? ByCertificate(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        if (!chain.Build(certificate))
        {
            return null;
        }

        var user = "";
        var groups = new List<string>();
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements)
            {
                continue;
            }

            switch (part.GetSingleElementType().Value)
            {
                case "2.5.4.3":
                    user = part.GetSingleElementValue() ?? "";
                    break;
                case "2.5.4.10":
                    groups.Add(part.GetSingleElementValue() ?? "");
                    break;
            }
        }

        return user.Length == 0 ? null : Authenticated(new Caller(user, groups));
    }

    private static Caller Authenticated(Caller caller) =>
        caller.Groups.Contains(Caller.AuthenticatedGroup, StringComparer.Ordinal)
            ? caller
            : caller with { Groups = [.. caller.Groups, Caller.AuthenticatedGroup] };

    private static string HashOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
