using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Registry.Content;

namespace Slipway.Registry.Distribution;

internal sealed class ListEndpoints(ContentStore content)
{
    /// <summary>The page size when the client names none, and the most a client gets.</summary>
    private const int PageMax = 1000;

    public async Task TagsAsync(HttpContext context, string repository)
    {
        if (!content.Repositories.Exists(repository))
        {
            await RegistryErrors.WriteAsync(context, 404, "NAME_UNKNOWN", $"There is no repository {repository}.");
            return;
        }

        if (await PageAsync(context, content.Repositories.ListTags(repository), $"/v2/{repository}/tags/list") is { } page)
        {
            await context.Response.WriteAsJsonAsync(new TagListAnswer(repository, page), DistributionJson.Default.TagListAnswer, cancellationToken: context.RequestAborted);
        }
    }

    /// <summary>All repositories: whoever may read the catalogue at all may read all of it.</summary>
    public async Task CatalogAsync(HttpContext context)
    {
        var names = content.Repositories.ListRepositories()
            .Where(name => content.Repositories.ListManifests(name).Count > 0)
            .ToList();
        if (await PageAsync(context, names, "/v2/_catalog") is { } page)
        {
            await context.Response.WriteAsJsonAsync(new CatalogAnswer(page), DistributionJson.Default.CatalogAnswer, cancellationToken: context.RequestAborted);
        }
    }

    public async Task ReferrersAsync(HttpContext context, string repository, Digest subject)
    {
        var wanted = context.Request.Query["artifactType"].ToString();
        var found = new List<Descriptor>();
        foreach (var digest in content.Repositories.ListReferrers(repository, subject))
        {
            if (await content.Repositories.ReadManifestAsync(repository, digest, context.RequestAborted) is { } manifest)
            {
                found.Add(new Descriptor
                {
                    MediaType = manifest.MediaType,
                    Digest = digest.ToString(),
                    Size = manifest.Bytes.Length,
                    ArtifactType = manifest.Model.ArtifactType ?? manifest.Model.Config?.MediaType,
                    Annotations = manifest.Model.Annotations,
                });
            }
        }

        if (wanted.Length > 0)
        {
            found.RemoveAll(descriptor => descriptor.ArtifactType != wanted);
            context.Response.Headers["OCI-Filters-Applied"] = "artifactType";
        }

        await context.Response.WriteAsJsonAsync(new ReferrersAnswer(2, MediaTypes.OciIndex, found), DistributionJson.Default.ReferrersAnswer,
            MediaTypes.OciIndex, context.RequestAborted);
    }

    /// <summary>The names behind <c>last</c>, at most <c>n</c>, with a link to the rest; null when the query is wrong and answered.</summary>
    private static async Task<IReadOnlyList<string>?> PageAsync(HttpContext context, IReadOnlyList<string> names, string path)
    {
        var size = PageMax;
        var stated = context.Request.Query["n"].ToString();
        if (stated.Length > 0 && !int.TryParse(stated, NumberStyles.None, CultureInfo.InvariantCulture, out size))
        {
            await RegistryErrors.WriteAsync(context, 400, "PAGINATION_NUMBER_INVALID", $"The query parameter n is '{stated}'; it must be a whole number from 0 to {PageMax}.");
            return null;
        }

        size = Math.Min(size, PageMax);
        var last = context.Request.Query["last"].ToString();
        var rest = names.Where(name => last.Length == 0 || string.CompareOrdinal(name, last) > 0).Take(size + 1).ToList();
        if (rest.Count <= size || size == 0)
        {
            return size == 0 ? [] : rest;
        }

        rest.RemoveAt(size);
        context.Response.Headers.Link = $"<{path}?n={size}&last={Uri.EscapeDataString(rest[^1])}>; rel=\"next\"";
        return rest;
    }
}
