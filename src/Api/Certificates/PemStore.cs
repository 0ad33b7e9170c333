using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Store.Installation;

namespace Slipway.Api.Certificates;

/// <summary>Keys and certificates as PEM files that only their owner can read. Files change whole or not at all.</summary>
internal sealed class PemStore(string folder)
{
    /// <summary>Null when there is nothing usable: absent, unreadable as PEM, or key and certificate do not belong together.</summary>
    public X509Certificate2? Load(string name)
    {
        var (certificate, key) = Paths(name);
        if (!File.Exists(certificate) || !File.Exists(key))
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPem(File.ReadAllText(certificate), File.ReadAllText(key));
        }
        catch (Exception broken) when (broken is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The key goes first: a certificate without its key would be used, a key without certificate is not.</summary>
    public void Save(string name, X509Certificate2 certificate, ECDsa key)
    {
        OwnerOnlyFile.MakeFolder(folder);
        var paths = Paths(name);
        OwnerOnlyFile.Write(paths.Key, key.ExportPkcs8PrivateKeyPem() + "\n");
        OwnerOnlyFile.Write(paths.Certificate, certificate.ExportCertificatePem() + "\n");
    }

    private (string Certificate, string Key) Paths(string name) => (Path.Combine(folder, name + ".crt"), Path.Combine(folder, name + ".key"));
}
