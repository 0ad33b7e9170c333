using System.Security.Cryptography;
using Slipway.Store.Installation;

namespace Slipway.Server.Keys;

/// <summary>
/// The secrets of an installation, made once and readable by its owner only. A file is complete or absent: half a key
/// would lock the data away.
/// </summary>
internal static class KeyFiles
{
    private const int EncryptionKeyBytes = 32;
    private const int TokenBytes = 24;

    /// <summary>What Secrets are encrypted with in the database. Losing this file means losing what they hold.</summary>
    public static byte[] EncryptionKey(StateFolder folder) =>
        Convert.FromBase64String(ReadOrMake(folder.EncryptionKey, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(EncryptionKeyBytes))));

    /// <summary>The token of the administrator, for the API and for pushes to the registry.</summary>
    public static string AdminToken(StateFolder folder) =>
        ReadOrMake(folder.AdminToken, () => $"slp_admin_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes))}");

    /// <summary>Signs the tokens of service accounts.</summary>
    public static ECDsa SigningKey(StateFolder folder)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(ReadOrMake(Path.Combine(folder.Certificates, "service-accounts.key"), () =>
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return made.ExportECPrivateKeyPem();
        }));
        return key;
    }

    /// <summary>What the keys are derived from that services sign events with.</summary>
    public static byte[] EventsKey(StateFolder folder) =>
        Convert.FromBase64String(ReadOrMake(Path.Combine(folder.Root, "events.key"), () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(EncryptionKeyBytes))));

    private static string ReadOrMake(string path, Func<string> make)
    {
        if (File.Exists(path))
        {
            return File.ReadAllText(path).Trim();
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var value = make();
        OwnerOnlyFile.Write(path, value + "\n");
        return value;
    }
}
