using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Slipway.Api.Certificates;

/// <summary>
/// An authority of our own and the certificate it has signed for the API. Ask for <see cref="Current"/> at every
/// handshake: it is renewed in time, and again whenever the configured names change.
/// </summary>
public sealed class ServingCertificates : IDisposable
{
    private const string AuthorityFile = "ca";
    private const string ServingFile = "serving";
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>Clients and servers disagree about the time by minutes.</summary>
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromMinutes(10);

    private static readonly string[] s_namesAlways =
        ["localhost", "127.0.0.1", "::1", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"];

    private readonly CertificateOptions _options;
    private readonly TimeProvider _time;
    private readonly PemStore _files;
    private readonly IReadOnlyList<string> _names;
    private readonly Lock _renewing = new();
    private volatile X509Certificate2 _serving;

    private ServingCertificates(CertificateOptions options, TimeProvider time, PemStore files, X509Certificate2 authority)
    {
        _options = options;
        _time = time;
        _files = files;
        _names = [.. s_namesAlways.Concat(options.Names).Distinct(StringComparer.OrdinalIgnoreCase)];
        Authority = authority;
        _serving = files.Load(ServingFile) is { } kept && Serves(kept) ? kept : Issue();
    }

    /// <summary>With its private key. Its public part is what clients trust.</summary>
    public X509Certificate2 Authority { get; }

    public string AuthorityPem => Authority.ExportCertificatePem() + "\n";

    /// <summary>The serving certificate to present now.</summary>
    public X509Certificate2 Current
    {
        get
        {
            var serving = _serving;
            if (!NearItsEnd(serving))
            {
                return serving;
            }

            lock (_renewing)
            {
                // Handshakes under way may still use the old one, so it is left to the garbage collector.
                return NearItsEnd(_serving) ? _serving = Issue() : _serving;
            }
        }
    }

    /// <summary>Loads what is kept in the folder and makes what is missing, spoilt or old.</summary>
    public static ServingCertificates Open(CertificateOptions options, TimeProvider time)
    {
        var files = new PemStore(options.Folder);
        var now = time.GetUtcNow();
        var authority = files.Load(AuthorityFile);
        if (authority is null || authority.NotAfter.ToUniversalTime() - now.UtcDateTime < options.ServingLifetime)
        {
            authority?.Dispose();
            authority = MakeAuthority(options, files, now);
        }

        return new ServingCertificates(options, time, files, authority);
    }

    /// <summary>A client certificate: its name is the user, its organisations are the groups.</summary>
    public X509Certificate2 IssueClient(string user, IReadOnlyList<string> groups, TimeSpan lifetime)
    {
        var subject = new X500DistinguishedNameBuilder();
        foreach (var group in groups)
        {
            subject.AddOrganizationName(group);
        }

        subject.AddCommonName(user);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        return Sign(request, key, ClientUse, lifetime);
    }

    public void Dispose()
    {
        _serving.Dispose();
        Authority.Dispose();
    }

    private static X509Certificate2 MakeAuthority(CertificateOptions options, PemStore files, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName("Slipway");
        subject.AddCommonName($"Slipway authority {now.UtcDateTime:yyyyMMddHHmmss}");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var authority = request.CreateSelfSigned(now - s_clockSkew, now + options.AuthorityLifetime);
        files.Save(AuthorityFile, authority, key);
        return authority;
    }

    private X509Certificate2 Issue()
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName("Slipway");
        subject.AddCommonName("localhost");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in _names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(names.Build());
        var issued = Sign(request, key, ServerUse, _options.ServingLifetime);
        _files.Save(ServingFile, issued, key);
        return issued;
    }

    private X509Certificate2 Sign(CertificateRequest request, ECDsa key, string use, TimeSpan lifetime)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = _time.GetUtcNow();
        var end = now + lifetime;
        var latest = new DateTimeOffset(Authority.NotAfter.ToUniversalTime(), TimeSpan.Zero);
        using var bare = request.Create(Authority, now - s_clockSkew, end < latest ? end : latest, RandomNumberGenerator.GetBytes(16));
        return bare.CopyWithPrivateKey(key);
    }

    /// <summary>A kept certificate is good when our authority signed it, it speaks for all names and it has time left.</summary>
    private bool Serves(X509Certificate2 kept)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        return !NearItsEnd(kept) && chain.Build(kept) && _names.All(name => kept.MatchesHostname(Example(name), allowCommonName: false));
    }

    /// <summary>A host that only this name covers: a pattern itself is not a host that could be asked for.</summary>
    private static string Example(string name) => name.StartsWith("*.", StringComparison.Ordinal) ? $"any{name[1..]}" : name;

    private bool NearItsEnd(X509Certificate2 certificate)
    {
        var end = certificate.NotAfter.ToUniversalTime();
        var life = end - certificate.NotBefore.ToUniversalTime();
        return end - _time.GetUtcNow().UtcDateTime < life * _options.RenewWhenLeft;
    }
}
