using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
namespace Slipway.Api.Certificates;
internal sealed record ServerCertificates(X509Certificate2 Authority, X509Certificate2 Serving)
{
    public static ServerCertificates Make(string folder, TimeProvider time)
    {
        Directory.CreateDirectory(folder);
        var now = time.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Slipway", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        var ca = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(3650));
        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest("CN=localhost", leafKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost"); names.AddDnsName("*.localhost"); names.AddDnsName("*.default.localhost"); names.AddDnsName("local-localhost"); names.AddIpAddress(IPAddress.Loopback); names.AddIpAddress(IPAddress.IPv6Loopback);
        leaf.CertificateExtensions.Add(names.Build());
        var signed = leaf.Create(ca, now.AddDays(-1), now.AddDays(365), RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(leafKey);
        File.WriteAllText(Path.Combine(folder, "ca.crt"), ca.ExportCertificatePem());
        return new ServerCertificates(ca, X509CertificateLoader.LoadPkcs12(signed.Export(X509ContentType.Pkcs12), null));
    }
}
internal static class Kubeconfig
{
    public static void Write(string path, string server, X509Certificate2 ca, string token) => File.WriteAllText(path, $"""
        apiVersion: v1
        kind: Config
        current-context: slipway
        clusters:
        - name: slipway
          cluster:
            server: {server}
            certificate-authority-data: {Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(ca.ExportCertificatePem()))}
        users:
        - name: admin
          user:
            token: {token}
        contexts:
        - name: slipway
          context: {"{"}cluster: slipway, user: admin, namespace: default{"}"}
        """);
}
