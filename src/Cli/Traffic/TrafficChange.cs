using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Traffic;

/// <summary>From the traffic of a spec and the words of the command line to the traffic it should have. Pure.</summary>
internal static class TrafficChange
{
    private const string Latest = "latest";

    /// <summary>The new traffic, or null when nothing was asked for.</summary>
    public static IReadOnlyList<JsonObject>? Apply(
        IReadOnlyList<JsonObject> current, IReadOnlyList<string> shares, bool toLatest, IReadOnlyList<string> tags, IReadOnlyList<string> removedTags)
    {
        if (shares.Count == 0 && !toLatest && tags.Count == 0 && removedTags.Count == 0)
        {
            return null;
        }

        if (toLatest && shares.Count > 0)
        {
            throw new CliFailure("--to-latest and explicit shares exclude each other.", ExitCodes.Usage);
        }

        var next = current.Select(target => target.DeepClone().AsObject()).ToList();
        if (toLatest)
        {
            SetShares(next, [(Latest, 100)]);
        }
        else if (shares.Count > 0)
        {
            var asked = shares.Select(ParseShare).ToList();
            var sum = asked.Sum(share => share.Percent);
            if (sum != 100)
            {
                throw new CliFailure($"the shares add up to {sum}, not to 100.", ExitCodes.Usage);
            }

            SetShares(next, asked);
        }

        foreach (var tag in removedTags)
        {
            var tagged = next.FirstOrDefault(target => (string?)target["tag"] == tag)
                ?? throw new CliFailure($"--remove-tag: there is no tag \"{tag}\".", ExitCodes.Usage);
            Untag(next, tagged);
        }

        foreach (var (tag, revision) in tags.Select(ParseTag))
        {
            if (next.FirstOrDefault(target => (string?)target["tag"] == tag) is { } holder)
            {
                Untag(next, holder);
            }

            var entry = Target(revision);
            entry["tag"] = tag;
            entry["percent"] = 0;
            next.Add(entry);
        }

        return next;
    }

    /// <summary>Percents of tagged entries go to entries of their own, so that a tag survives any split.</summary>
    private static void SetShares(List<JsonObject> targets, IReadOnlyList<(string Revision, int Percent)> shares)
    {
        targets.RemoveAll(target => target["tag"] is null);
        foreach (var tagged in targets)
        {
            tagged["percent"] = 0;
        }

        foreach (var (revision, percent) in shares)
        {
            var entry = Target(revision);
            entry["percent"] = percent;
            targets.Add(entry);
        }
    }

    private static void Untag(List<JsonObject> targets, JsonObject tagged)
    {
        if (((int?)tagged["percent"] ?? 0) == 0)
        {
            targets.Remove(tagged);
        }
        else
        {
            tagged.Remove("tag");
        }
    }

    private static JsonObject Target(string revision) =>
        revision == Latest
            ? new JsonObject { ["latestRevision"] = true }
            : new JsonObject { ["revisionName"] = revision, ["latestRevision"] = false };

    private static (string Revision, int Percent) ParseShare(string text)
    {
        var at = text.LastIndexOf('=');
        if (at <= 0 || !int.TryParse(text.AsSpan(at + 1).TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) || percent > 100)
        {
            throw new CliFailure($"\"{text}\" is not REVISION=PERCENT with a whole number from 0 to 100.", ExitCodes.Usage);
        }

        return (text[..at], percent);
    }

    private static (string Tag, string Revision) ParseTag(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && at < text.Length - 1
            ? (text[..at], text[(at + 1)..])
            : throw new CliFailure($"--tag \"{text}\" is not NAME=REVISION.", ExitCodes.Usage);
    }
}
