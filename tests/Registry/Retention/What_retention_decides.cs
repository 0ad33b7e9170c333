using FsCheck;
using FsCheck.Fluent;
using Slipway.Registry.Content;
using Slipway.Registry.Retention;

namespace Slipway.Registry.Tests.Retention;

/// <summary>The promises of retention, over many random stores.</summary>
public sealed class What_retention_decides
{
    private static readonly DateTimeOffset s_now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_grace = TimeSpan.FromHours(1);

    [Fact]
    public void Nothing_that_is_in_use_or_tagged_loses_anything_it_needs() => ForAllStores(picture =>
    {
        var plan = RetentionPlanner.Decide(picture);
        var goneBlobs = plan.Blobs.Select(blob => blob.Digest).ToHashSet();
        var goneTags = plan.Tags.ToHashSet();
        foreach (var repository in picture.Repositories)
        {
            var keptTags = repository.Tags.Where(tag => !goneTags.Contains((repository.Name, tag.Tag))).Select(tag => tag.Digest);
            foreach (var digest in keptTags.Concat(picture.InUse).SelectMany(root => Needs(picture, root)))
            {
                Assert.DoesNotContain(digest, goneBlobs);
                Assert.DoesNotContain(digest, plan.Unpacked);
                Assert.DoesNotContain((repository.Name, digest), plan.Manifests);
            }
        }
    });

    [Fact]
    public void Nothing_goes_that_was_not_marked_at_least_the_grace_age_ago() => ForAllStores(picture =>
    {
        var plan = RetentionPlanner.Decide(picture with { Marks = new Dictionary<string, DateTimeOffset>() });

        Assert.Empty(plan.Manifests);
        Assert.Empty(plan.BlobLinks);
        Assert.Empty(plan.Blobs);
        Assert.Empty(plan.Unpacked);
    });

    [Fact]
    public void Nothing_young_goes() => ForAllStores(picture =>
    {
        var plan = RetentionPlanner.Decide(picture);

        Assert.All(plan.Blobs, blob => Assert.True(blob.LastReliedOn <= s_now - s_grace));
        Assert.All(plan.Tags, gone => Assert.True(
            picture.Repositories.Single(repository => repository.Name == gone.Repository).Tags.Single(tag => tag.Tag == gone.Tag).TaggedAt <= s_now - s_grace));
    });

    [Fact]
    public void The_newest_tags_of_every_repository_stay() => ForAllStores(picture =>
    {
        var gone = RetentionPlanner.Decide(picture).Tags.ToHashSet();
        foreach (var repository in picture.Repositories)
        {
            var newest = repository.Tags.OrderByDescending(tag => tag.TaggedAt).ThenBy(tag => tag.Tag, StringComparer.Ordinal).Take(picture.NewestTagsKept);
            Assert.All(newest, tag => Assert.DoesNotContain((repository.Name, tag.Tag), gone));
        }
    });

    [Fact]
    public void A_mark_set_by_a_clock_that_ran_ahead_does_not_protect_forever()
    {
        var digest = Digest.Of([1]);
        var blob = new StoredBlob(digest, 1, s_now - (10 * s_grace));
        var picture = Picture([], [blob]) with { Marks = new Dictionary<string, DateTimeOffset> { [$"blob {digest}"] = s_now + TimeSpan.FromDays(365) } };

        var first = RetentionPlanner.Decide(picture);
        var second = RetentionPlanner.Decide(picture with { Now = s_now + s_grace, Marks = first.Marks });

        Assert.Empty(first.Blobs);
        Assert.Equal([blob], second.Blobs);
    }

    private static RetentionPicture Picture(IReadOnlyList<RepositoryPicture> repositories, IReadOnlyList<StoredBlob> blobs) => new()
    {
        Now = s_now,
        GraceAge = s_grace,
        InUse = new HashSet<Digest>(),
        NewestTagsKept = 1,
        Repositories = repositories,
        Blobs = blobs,
    };

    private static IEnumerable<Digest> Needs(RetentionPicture picture, Digest root)
    {
        yield return root;
        if (picture.Manifests.TryGetValue(root, out var needs))
        {
            foreach (var digest in needs.Blobs.Concat(needs.Children.SelectMany(child => Needs(picture, child))))
            {
                yield return digest;
            }
        }
    }

    private static void ForAllStores(Action<RetentionPicture> holds)
    {
        var seeds = ArbMap.Default.ArbFor<int>();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true).WithReplay(20_260_101, 1), Prop.ForAll(seeds, seed => holds(Random(new Random(seed)))));
    }

    /// <summary>A store of two repositories over a few manifests: images, an index over some of them and an attachment.</summary>
    private static RetentionPicture Random(Random dice)
    {
        Digest Name(string kind, int number) => Digest.Of(System.Text.Encoding.ASCII.GetBytes($"{kind} {number}"));
        DateTimeOffset Past() => s_now - TimeSpan.FromMinutes(dice.Next(0, 300));
        var blobs = Enumerable.Range(0, 6).Select(number => Name("blob", number)).ToArray();
        var manifests = new Dictionary<Digest, ManifestNeeds>();
        for (var number = 0; number < 5; number++)
        {
            var children = number < 4 ? [] : manifests.Keys.Where(_ => dice.Next(2) == 0).ToArray();
            Digest? subject = number == 3 && dice.Next(2) == 0 ? manifests.Keys.First() : null;
            manifests[Name("manifest", number)] = new ManifestNeeds([.. blobs.Where(_ => dice.Next(3) == 0)], children, subject);
        }

        Digest[] names = [.. manifests.Keys];
        var repositories = Enumerable.Range(0, 2).Select(number =>
        {
            var held = names.Where(_ => dice.Next(4) > 0).ToList();
            return new RepositoryPicture(
                $"repository{number}",
                [.. held.Where(_ => dice.Next(2) == 0).Select((digest, tag) => new TagPicture($"tag{tag}", digest, Past()))],
                [.. held.Select(digest => new LinkPicture(digest, Past()))],
                [.. blobs.Where(_ => dice.Next(2) == 0).Select(digest => new LinkPicture(digest, Past()))]);
        }).ToList();
        var stored = blobs.Concat(names).Select(digest => new StoredBlob(digest, 1, Past())).ToList();
        var marks = new Dictionary<string, DateTimeOffset>();
        foreach (var digest in blobs.Concat(names))
        {
            foreach (var key in new[] { $"blob {digest}", $"unpacked {digest}", $"manifest repository0 {digest}", $"manifest repository1 {digest}", $"link repository0 {digest}", $"link repository1 {digest}" })
            {
                if (dice.Next(4) > 0)
                {
                    marks[key] = Past();
                }
            }
        }

        return Picture(repositories, stored) with
        {
            InUse = names.Where(_ => dice.Next(5) == 0).ToHashSet(),
            NewestTagsKept = dice.Next(0, 3),
            Manifests = manifests,
            Unpacked = [.. names.Where(_ => dice.Next(2) == 0)],
            Marks = marks,
        };
    }
}
