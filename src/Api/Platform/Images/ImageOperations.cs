using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Model.Failures;
using Slipway.Registry.Images;

namespace Slipway.Api.Platform.Images;

/// <summary><c>/api/images</c>: what the built-in registry holds. Images come in through the registry's own protocol.</summary>
internal sealed class ImageOperations(ImageBook book, ImageStore images, Paging paging, string registryAddress)
{
    private const string Path = "repository";

    public async Task<Answer> ListAsync(PlatformRequest request)
    {
        var query = new QueryReader(request.Http.Request);
        var (page, mismatch) = paging.Read(request, query);
        if ((query.Finish() ?? mismatch ?? Refusal(request, "list")) is { } wrong)
        {
            return wrong;
        }

        return ListAnswer.Of(
            paging.Cut(await book.ReadAsync(request.Cancellation), page, image => [image.Repository, image.Id]), PlatformJson.Default.ListViewImageView);
    }

    /// <summary>A repository with all its images; with a tag or digest behind its name, that one image in the same form.</summary>
    public async Task<Answer> GetAsync(PlatformRequest request)
    {
        var query = new QueryReader(request.Http.Request);
        var (page, mismatch) = paging.Read(request, query);
        if ((query.Finish() ?? mismatch ?? Refusal(request, "get")) is { } wrong)
        {
            return wrong;
        }

        var found = await book.FindAsync(request.Value(Path), request.Cancellation);
        return found.Count == 0
            ? Problem.NotFound("image", request.Value(Path))
            : ListAnswer.Of(paging.Cut(found, page, image => [image.Repository, image.Id]), PlatformJson.Default.ListViewImageView);
    }

    /// <summary>Takes a tag, a digest or a whole repository out; nothing is taken when a revision still needs one of them.</summary>
    public async Task<Answer> DeleteAsync(PlatformRequest request)
    {
        if ((new QueryReader(request.Http.Request).Finish() ?? Refusal(request, "delete")) is { } wrong)
        {
            return wrong;
        }

        var found = await book.FindAsync(request.Value(Path), request.Cancellation);
        if (found.FirstOrDefault(image => image.Revisions.Count > 0) is { } needed)
        {
            return new Problem(409, "imageInUse", "The image is in use",
                $"Image \"{needed.Id}\" is needed by {string.Join(", ", needed.Revisions.Take(5))}; delete what runs it first.");
        }

        foreach (var image in found)
        {
            if (await images.DeleteAsync(image.Id, request.Cancellation) is { Kind: not FailureKind.NotFound } failure)
            {
                return Problem.Of(failure);
            }
        }

        return new Answer.Done();
    }

    public Task<Answer> PushAsync(PlatformRequest request) => Task.FromResult<Answer>(
        new Problem(405, "pushToTheRegistry", "Images are pushed", $"Push the image to the registry at {registryAddress}, for example with docker push or slipway deploy; it is listed here afterwards.")
        {
            Allow = ["GET"],
        });

    private static Problem? Refusal(PlatformRequest request, string verb) =>
        request.May(verb, PlatformResource.Images, "") ? null : Problem.Forbidden(request.Caller.User, verb, "images", null);
}
