using Slipway.Registry.Content;

namespace Slipway.Registry.Retention;

/// <summary>
/// Decides what the store can do without. A thing goes only when it was found unneeded in an earlier run, at least the grace
/// age ago, still is, and nobody relied on it within the grace age either. A push in flight (blobs first, manifest last) and a
/// deployment in flight (pushed, not yet referred to) are therefore safe without any knowledge of them.
/// </summary>
internal static class RetentionPlanner
{
    public static RetentionPlan Decide(RetentionPicture picture)
    {
        var run = new Run(picture);
        var tags = picture.Repositories
            .SelectMany(repository => Superfluous(picture, repository).Select(tag => (repository.Name, tag.Tag)))
            .ToList();
        var goneTags = tags.ToHashSet();

        var manifests = new List<(string, Digest)>();
        var surviving = new HashSet<Digest>(picture.InUse);
        foreach (var repository in picture.Repositories)
        {
            var roots = repository.Tags.Where(tag => !goneTags.Contains((repository.Name, tag.Tag))).Select(tag => tag.Digest);
            var reachable = Reachable(picture, repository, roots.Concat(picture.InUse));
            foreach (var link in repository.Manifests)
            {
                if (!reachable.Contains(link.Digest) && run.MayGo($"manifest {repository.Name} {link.Digest}", link.Digest, link.LinkedAt))
                {
                    manifests.Add((repository.Name, link.Digest));
                }
                else
                {
                    surviving.Add(link.Digest);
                }
            }
        }

        // What a manifest in use is made of stays even when somebody deleted the manifest from its repository.
        var neededManifests = WithChildren(picture, surviving);
        var neededBlobs = new HashSet<Digest>(neededManifests);
        foreach (var digest in neededManifests)
        {
            neededBlobs.UnionWith(picture.Manifests.GetValueOrDefault(digest)?.Blobs ?? []);
        }

        var links = new List<(string, Digest)>();
        var stillLinked = new HashSet<Digest>();
        foreach (var repository in picture.Repositories)
        {
            foreach (var link in repository.BlobLinks)
            {
                if (!neededBlobs.Contains(link.Digest) && run.MayGo($"link {repository.Name} {link.Digest}", link.Digest, link.LinkedAt))
                {
                    links.Add((repository.Name, link.Digest));
                }
                else
                {
                    stillLinked.Add(link.Digest);
                }
            }
        }

        var unpacked = picture.Unpacked
            .Where(digest => !neededManifests.Contains(digest) && run.MayGo($"unpacked {digest}", digest, DateTimeOffset.MinValue))
            .ToList();
        var blobs = picture.Blobs
            .Where(blob => !neededBlobs.Contains(blob.Digest) && !stillLinked.Contains(blob.Digest)
                && run.MayGo($"blob {blob.Digest}", blob.Digest, blob.LastReliedOn))
            .ToList();
        return new RetentionPlan(tags, manifests, links, unpacked, blobs, run.Marks);
    }

    /// <summary>Tags beyond the newest, unless they name what is in use or are younger than the grace age.</summary>
    private static IEnumerable<TagPicture> Superfluous(RetentionPicture picture, RepositoryPicture repository) => repository.Tags
        .OrderByDescending(tag => tag.TaggedAt)
        .ThenBy(tag => tag.Tag, StringComparer.Ordinal)
        .Skip(picture.NewestTagsKept)
        .Where(tag => !picture.InUse.Contains(tag.Digest) && picture.Now - tag.TaggedAt >= picture.GraceAge);

    /// <summary>Manifests reached from the roots: the parts of an index, and what is attached to anything reached.</summary>
    private static HashSet<Digest> Reachable(RetentionPicture picture, RepositoryPicture repository, IEnumerable<Digest> roots)
    {
        var reached = WithChildren(picture, roots);
        bool grew;
        do
        {
            var attached = repository.Manifests
                .Where(link => picture.Manifests.GetValueOrDefault(link.Digest)?.Subject is { } subject && reached.Contains(subject))
                .Select(link => link.Digest);
            var count = reached.Count;
            reached.UnionWith(WithChildren(picture, attached.ToList()));
            grew = reached.Count > count;
        }
        while (grew);

        return reached;
    }

    private static HashSet<Digest> WithChildren(RetentionPicture picture, IEnumerable<Digest> digests)
    {
        var reached = new HashSet<Digest>();
        var pending = new Stack<Digest>(digests);
        while (pending.TryPop(out var digest))
        {
            if (reached.Add(digest))
            {
                foreach (var child in picture.Manifests.GetValueOrDefault(digest)?.Children ?? [])
                {
                    pending.Push(child);
                }
            }
        }

        return reached;
    }

    /// <summary>Keeps the marks: what is unneeded now stays marked, with the time of the first finding; all others lose theirs.</summary>
    private sealed class Run(RetentionPicture picture)
    {
        private readonly Dictionary<Digest, DateTimeOffset> _reliedOn = picture.Blobs.ToDictionary(blob => blob.Digest, blob => blob.LastReliedOn);
        private readonly Dictionary<string, DateTimeOffset> _marks = new(StringComparer.Ordinal);

        public IReadOnlyDictionary<string, DateTimeOffset> Marks => _marks;

        public bool MayGo(string key, Digest digest, DateTimeOffset since)
        {
            if (IsYoung(since) || (_reliedOn.TryGetValue(digest, out var reliedOn) && IsYoung(reliedOn)))
            {
                return false;
            }

            if (picture.Marks.TryGetValue(key, out var markedAt) && picture.Now - markedAt >= picture.GraceAge)
            {
                return true;
            }

            // A mark from the future would otherwise protect forever; the clock was set back.
            _marks[key] = picture.Marks.ContainsKey(key) && markedAt <= picture.Now ? markedAt : picture.Now;
            return false;
        }

        private bool IsYoung(DateTimeOffset since) => since > picture.Now - picture.GraceAge;
    }
}
