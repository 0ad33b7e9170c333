using System.Text.RegularExpressions;
using Slipway.Model.Failures;
using Slipway.Registry.Content;

namespace Slipway.Registry.Images;

/// <summary>What a manifest calls an image: <c>[host[:port]/]repository[:tag][@sha256:…]</c>.</summary>
public sealed partial record ImageReference
{
    private const int LengthMax = 1024;

    /// <summary>The registry's host as written; null for a short name.</summary>
    public string? Host { get; private init; }

    public required string Repository { get; init; }

    /// <summary>The tag, <c>latest</c> when neither tag nor digest is given; null when only a digest is.</summary>
    public string? Tag { get; private init; }

    public Digest? Digest { get; private init; }

    /// <summary>Host and repository exactly as written, which resolved references keep.</summary>
    public required string RepositoryText { get; init; }

    public string Resolved(Digest digest) => $"{RepositoryText}@{digest}";

    public static Outcome<ImageReference> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length is 0 or > LengthMax)
        {
            return Invalid(text.Length == 0 ? text : text[..32] + "…", $"it must have 1 to {LengthMax} characters");
        }

        var rest = text;
        Digest? digest = null;
        var at = rest.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
        {
            if (!Content.Digest.TryParse(rest[(at + 1)..], out digest))
            {
                return Invalid(text, "what follows '@' must be sha256: and 64 lower-case hexadecimal digits");
            }

            rest = rest[..at];
        }

        string? tag = null;
        var colon = rest.LastIndexOf(':');
        if (colon > rest.LastIndexOf('/'))
        {
            tag = rest[(colon + 1)..];
            if (!Names.IsTag(tag))
            {
                return Invalid(text, "a tag has 1 to 128 letters, digits, '_', '.' or '-' and does not begin with '.' or '-'");
            }

            rest = rest[..colon];
        }

        var (host, repository) = SplitHost(rest);
        if (host is not null && !HostShape().IsMatch(host))
        {
            return Invalid(text, $"'{host}' is not a host name with an optional port");
        }

        if (!Names.IsRepository(repository))
        {
            return Invalid(text, "a repository name has lower-case letters and digits, joined by '.', '_', '-' or '/'");
        }

        return new ImageReference
        {
            Host = host,
            Repository = repository,
            Tag = tag ?? (digest is null ? "latest" : null),
            Digest = digest,
            RepositoryText = rest,
        };
    }

    /// <summary>The first part is a host when it looks like one: it has a dot or a port, or is localhost.</summary>
    private static (string? Host, string Repository) SplitHost(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? string.Empty : name[..slash];
        var isHost = first == "localhost" || first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal);
        return isHost ? (first, name[(slash + 1)..]) : (null, name);
    }

    private static Failure Invalid(string text, string why) =>
        new(FailureKind.Invalid, "image-reference-invalid", $"'{text}' is not an image reference: {why}.");

    [GeneratedRegex(@"\A([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex HostShape();
}
