using System.Text.RegularExpressions;
using Slipway.Model.Failures;

namespace Slipway.Model.Values;

/// <summary>An image as a manifest names it, taken apart: <c>registry/repository[:tag][@digest]</c>.</summary>
public sealed partial record ImageReference(string Registry, string Repository, string? Tag, string? Digest)
{
    public const string TagDefault = "latest";

    private const int RepositoryLengthMax = 255;
    private const string ProjectScheme = "dotnet://";

    /// <summary><c>registry/repository</c>.</summary>
    public string Name => $"{Registry}/{Repository}";

    /// <summary>What a registry is asked for: the digest when there is one, else the tag.</summary>
    public string Reference => Digest ?? Tag ?? TagDefault;

    public ImageReference WithDigest(string digest) => this with { Digest = digest, Tag = null };

    /// <summary>
    /// Reads a reference. Names without a registry get <paramref name="registryDefault"/>, and the tag is
    /// <c>latest</c> when neither tag nor digest is given.
    /// </summary>
    public static Outcome<ImageReference> Parse(string text, string registryDefault)
    {
        if (IsProject(text))
        {
            return Wrong(text, "a project has to be built and pushed first; `slipway apply` does that and puts the image's digest here");
        }

        var rest = text;
        string? digest = null;
        if (rest.IndexOf('@') is >= 0 and var at)
        {
            digest = rest[(at + 1)..];
            rest = rest[..at];
            if (!DigestShape().IsMatch(digest))
            {
                return Wrong(text, "the digest must look like sha256: and 64 hexadecimal digits");
            }
        }

        string? tag = null;
        if (rest.LastIndexOf(':') is >= 0 and var colon && rest.IndexOf('/', colon) < 0)
        {
            tag = rest[(colon + 1)..];
            rest = rest[..colon];
            if (!TagShape().IsMatch(tag))
            {
                return Wrong(text, "the tag must have 1 to 128 letters, digits, '_', '.' or '-' and not begin with '.' or '-'");
            }
        }

        var registry = registryDefault;
        if (rest.IndexOf('/') is > 0 and var slash && IsRegistry(rest[..slash]))
        {
            registry = rest[..slash];
            rest = rest[(slash + 1)..];
            if (!RegistryShape().IsMatch(registry))
            {
                return Wrong(text, $"\"{registry}\" is not a registry host");
            }
        }

        if (rest.Length is 0 or > RepositoryLengthMax || !RepositoryShape().IsMatch(rest))
        {
            return Wrong(text, "the repository must consist of lower case letters, digits and single separators '.', '_', '-' or '/'");
        }

        return new ImageReference(registry, rest, tag ?? (digest is null ? TagDefault : null), digest);
    }

    /// <summary>True for <c>dotnet://RELATIVE/PROJECT</c>, which only the command line understands.</summary>
    public static bool IsProject(string text) => text.StartsWith(ProjectScheme, StringComparison.Ordinal);

    /// <summary>The path of the project behind <c>dotnet://</c>, or null when the text names none.</summary>
    public static string? ProjectPath(string text) =>
        IsProject(text) && text.Length > ProjectScheme.Length ? text[ProjectScheme.Length..] : null;

    public override string ToString() =>
        $"{Name}{(Tag is null ? "" : $":{Tag}")}{(Digest is null ? "" : $"@{Digest}")}";

    // As everywhere in the container world: a first part with a dot, a port or the name localhost is a host.
    private static bool IsRegistry(string first) => first == "localhost" || first.AsSpan().ContainsAny('.', ':');

    private static Failure Wrong(string text, string why) =>
        new(FailureKind.Invalid, "image-reference-invalid", $"\"{text}\" is not an image reference: {why}.");

    [GeneratedRegex(@"^((?!sha256:)[a-z0-9]+([.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}|sha256:[0-9a-f]{64})\z", RegexOptions.CultureInvariant)]
    private static partial Regex DigestShape();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TagShape();

    [GeneratedRegex(@"^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(:\d{1,5})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex RegistryShape();

    [GeneratedRegex(@"^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex RepositoryShape();
}
