using System.Security.Cryptography;
using System.Text;
using Slipway.Model.Platform;
using Slipway.Model.Resources;

namespace Slipway.Control.Databases;

/// <summary>What a Database is called on the server and in its namespace.</summary>
internal static class DatabaseNames
{
    /// <summary>PostgreSQL cuts longer names silently.</summary>
    private const int LengthMax = 63;

    public static string OnServer(Resource database, DatabaseSpec spec)
    {
        var wanted = string.IsNullOrEmpty(spec.DatabaseName)
            ? $"{database.Namespace}_{database.Name}".Replace('-', '_').Replace('.', '_')
            : spec.DatabaseName;
        if (Encoding.UTF8.GetByteCount(wanted) <= LengthMax)
        {
            return wanted;
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)).AsSpan(0, 6));
        var head = wanted;
        while (Encoding.UTF8.GetByteCount(head) > LengthMax - digest.Length - 1)
        {
            head = head[..^1];
        }

        return $"{head}_{digest}";
    }

    public static string Secret(Resource database) => $"{database.Name}-database";

    /// <summary>Written on the server: who the database belongs to, also after the resource was deleted and its data retained.</summary>
    public static string Claim(Resource database) => $"slipway:{database.Namespace}/{database.Name}";
}
