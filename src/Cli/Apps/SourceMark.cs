using System.Security.Cryptography;
using System.Text;

namespace Slipway.Cli.Apps;

/// <summary>A digest over the sources of an application. The same digest means that building it again would change nothing.</summary>
internal static class SourceMark
{
    /// <summary>What building leaves behind is not a source.</summary>
    private static readonly HashSet<string> s_products = new(StringComparer.Ordinal) { "bin", "obj", "node_modules", "dist", "wwwroot", ".git" };

    public static string Of(string root, IEnumerable<string> sources)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in sources.SelectMany(source => Files(Path.Combine(root, source))).Distinct().Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(root, file)));
            hash.AppendData([0]);
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> Files(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path).Concat(Directory.EnumerateDirectories(path)
                .Where(folder => !s_products.Contains(Path.GetFileName(folder)))
                .SelectMany(Files))
            : [];
    }
}
