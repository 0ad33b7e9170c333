using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Slipway.Model.Failures;
using Slipway.Registry.Content;
using Slipway.Registry.Unpacking;

namespace Slipway.Registry.Retention;

/// <summary>What one cleaning did.</summary>
public sealed record CleaningReport(int TagsRemoved, int ManifestsRemoved, int FoldersRemoved, int BlobsRemoved, long BytesFreed, int Marked);

/// <summary>Looks at the store, lets the planner decide, and carries the plan out while nobody can link new content.</summary>
internal sealed class Cleaning(ContentStore content, Unpacker unpacker, TimeSpan graceAge, ILogger<Cleaning> log)
{
    public async Task<Outcome<CleaningReport>> RunAsync(IReadOnlySet<string> digestsInUse, int newestTagsKept, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(newestTagsKept);
        var inUse = new HashSet<Digest>();
        foreach (var text in digestsInUse)
        {
            // Digest references are accepted too: "repo@sha256:…".
            if (!Digest.TryParse(text[(text.IndexOf('@', StringComparison.Ordinal) + 1)..], out var digest))
            {
                // Not understanding what is in use and removing it would be the worst of all answers.
                return new Failure(FailureKind.Invalid, "digest-invalid", $"'{text}' is said to be in use but is not a digest; nothing was removed.");
            }

            inUse.Add(digest);
        }

        using var held = await content.HoldReferencesAsync(cancellation);
        try
        {
            var plan = RetentionPlanner.Decide(await LookAsync(inUse, newestTagsKept, cancellation));
            return await CarryOutAsync(plan, cancellation);
        }
        catch (Exception exception) when (StorageFailure.Explains(exception))
        {
            return StorageFailure.From(exception, content.Folders.Root)!;
        }
    }

    private async Task<RetentionPicture> LookAsync(HashSet<Digest> inUse, int newestTagsKept, CancellationToken cancellation)
    {
        var store = content.Repositories;
        var needs = new Dictionary<Digest, ManifestNeeds>();
        var repositories = new List<RepositoryPicture>();
        foreach (var name in store.ListRepositories())
        {
            var tags = new List<TagPicture>();
            foreach (var tag in store.ListTags(name))
            {
                if (await store.ReadTagAsync(name, tag, cancellation) is { } digest)
                {
                    tags.Add(new TagPicture(tag, digest, store.TaggedAt(name, tag)));
                }
            }

            var manifests = store.ListManifests(name);
            foreach (var digest in manifests.Where(digest => !needs.ContainsKey(digest)))
            {
                await ReadNeedsAsync(digest, needs, cancellation);
            }

            repositories.Add(new RepositoryPicture(name, tags,
                [.. manifests.Select(digest => new LinkPicture(digest, store.LinkedAt(name, digest)))],
                [.. store.ListBlobs(name).Select(digest => new LinkPicture(digest, store.BlobLinkedAt(name, digest)))]));
        }

        var pending = new Stack<Digest>(inUse);
        while (pending.TryPop(out var digest))
        {
            if (!needs.ContainsKey(digest))
            {
                await ReadNeedsAsync(digest, needs, cancellation);
            }

            foreach (var child in needs.GetValueOrDefault(digest)?.Children.Where(child => !needs.ContainsKey(child)) ?? [])
            {
                pending.Push(child);
                needs[child] = new ManifestNeeds([], [], null);
                await ReadNeedsAsync(child, needs, cancellation);
            }
        }

        return new RetentionPicture
        {
            Now = content.Now,
            GraceAge = graceAge,
            InUse = inUse,
            NewestTagsKept = newestTagsKept,
            Repositories = repositories,
            Manifests = needs,
            Blobs = [.. content.Blobs.Enumerate()],
            Unpacked = [.. unpacker.List()],
            Marks = await ReadMarksAsync(cancellation),
        };
    }

    private async Task ReadNeedsAsync(Digest digest, Dictionary<Digest, ManifestNeeds> needs, CancellationToken cancellation)
    {
        if (await content.Blobs.ReadAsync(digest, cancellation) is { } bytes && Manifest.Read(bytes, null) is { Succeeded: true } read)
        {
            needs[digest] = new ManifestNeeds(read.Value.Blobs, read.Value.Children, read.Value.Subject);
        }
    }

    private async Task<CleaningReport> CarryOutAsync(RetentionPlan plan, CancellationToken cancellation)
    {
        foreach (var (repository, tag) in plan.Tags)
        {
            content.Repositories.RemoveTag(repository, tag);
        }

        foreach (var (repository, digest) in plan.Manifests)
        {
            await content.Repositories.UnlinkManifestAsync(repository, digest, cancellation);
        }

        foreach (var (repository, digest) in plan.BlobLinks)
        {
            content.Repositories.UnlinkBlob(repository, digest);
        }

        foreach (var digest in plan.Unpacked)
        {
            unpacker.Remove(digest);
        }

        long freed = 0;
        foreach (var blob in plan.Blobs)
        {
            content.Blobs.Delete(blob.Digest);
            freed += blob.Bytes;
        }

        var marks = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, DateTimeOffset>(plan.Marks), RetentionJson.Default.DictionaryStringDateTimeOffset);
        await DurableFile.WriteAsync(content.Folders.Marks, content.Folders.Pending, marks, cancellation);

        var report = new CleaningReport(plan.Tags.Count, plan.Manifests.Count, plan.Unpacked.Count, plan.Blobs.Count, freed, plan.Marks.Count);
        log.Cleaned(report.TagsRemoved, report.ManifestsRemoved, report.BlobsRemoved, report.BytesFreed, report.Marked);
        return report;
    }

    private async Task<Dictionary<string, DateTimeOffset>> ReadMarksAsync(CancellationToken cancellation)
    {
        try
        {
            var bytes = await File.ReadAllBytesAsync(content.Folders.Marks, cancellation);
            return JsonSerializer.Deserialize(bytes, RetentionJson.Default.DictionaryStringDateTimeOffset) ?? [];
        }
        catch (Exception exception) when (exception is FileNotFoundException or JsonException)
        {
            // Without marks everything is marked anew, so the only cost is that garbage stays for another grace age.
            return [];
        }
    }
}

[JsonSerializable(typeof(Dictionary<string, DateTimeOffset>))]
internal sealed partial class RetentionJson : JsonSerializerContext;

internal static partial class CleaningLog
{
    [LoggerMessage(EventId = 5010, Level = LogLevel.Information,
        Message = "Cleaned the registry: {Tags} tags, {Manifests} manifests, {Blobs} blobs removed, {Bytes} bytes freed; {Marked} marked for later")]
    public static partial void Cleaned(this ILogger logger, int tags, int manifests, int blobs, long bytes, int marked);
}
