using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;

namespace Slipway.Sdk.Pages;

/// <summary>A built site, read once and never changed while the service runs: a request costs one look-up and one write.</summary>
internal sealed partial class PageSite
{
    private const string Shell = "/index.html";

    private readonly FrozenDictionary<string, PageFile> _files;

    private PageSite(FrozenDictionary<string, PageFile> files) => _files = files;

    /// <summary>The page every route of the script begins with; none if the site has not been built.</summary>
    public PageFile? Index => _files.GetValueOrDefault(Shell);

    public int Count => _files.Count;

    /// <summary>A missing folder is a site without files: the rest of the service still works.</summary>
    /// <exception cref="InvalidOperationException">The site is larger than allowed.</exception>
    public static PageSite Load(string folder, long bytesMax)
    {
        var files = new Dictionary<string, PageFile>(StringComparer.Ordinal);
        if (!Directory.Exists(folder))
        {
            return new PageSite(files.ToFrozenDictionary(StringComparer.Ordinal));
        }

        var paths = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToHashSet(StringComparer.Ordinal);
        var total = paths.Sum(path => new FileInfo(path).Length);
        if (total > bytesMax)
        {
            throw new InvalidOperationException($"The site in {folder} has {total} bytes; at most {bytesMax} are kept in memory. Make it smaller or allow more.");
        }

        foreach (var path in paths.Where(path => !IsVariant(path, paths)))
        {
            var relative = "/" + Path.GetRelativePath(folder, path).Replace('\\', '/');
            files[relative] = Read(path, relative, paths);
        }

        return new PageSite(files.ToFrozenDictionary(StringComparer.Ordinal));
    }

    public PageFile? Find(string path) => _files.GetValueOrDefault(path == "/" ? Shell : path);

    private static PageFile Read(string path, string relative, HashSet<string> paths)
    {
        var plain = File.ReadAllBytes(path);
        var tag = Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 12));
        return new PageFile
        {
            ContentType = ContentTypes.Of(relative),
            // The build puts a hash of the content into these names, so the same name never means other bytes.
            CacheControl = HashedName().IsMatch(relative) ? "public, max-age=31536000, immutable" : "no-cache",
            Plain = new PageVariant(plain, $"\"{tag}\"", StringValues.Empty),
            Gzip = Variant(path + ".gz", "gzip", $"\"{tag}-gz\"", plain.Length, paths),
            Brotli = Variant(path + ".br", "br", $"\"{tag}-br\"", plain.Length, paths),
        };
    }

    private static PageVariant? Variant(string path, string encoding, string tag, int plainLength, HashSet<string> paths)
    {
        if (!paths.Contains(path))
        {
            return null;
        }

        var bytes = File.ReadAllBytes(path);
        return bytes.Length < plainLength ? new PageVariant(bytes, tag, encoding) : null;
    }

    private static bool IsVariant(string path, HashSet<string> paths) => Path.GetExtension(path) is ".br" or ".gz" && paths.Contains(path[..^3]);

    [GeneratedRegex(@"^/assets/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$")]
    private static partial Regex HashedName();
}
