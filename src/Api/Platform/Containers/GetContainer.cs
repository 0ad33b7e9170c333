using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;

namespace Slipway.Api.Platform.Containers;

/// <summary><c>GET /api/containers/{id}</c>: one instance, also after it has ended and while its record is kept.</summary>
internal sealed class GetContainer(ContainerBook book)
{
    public Task<Answer> AnswerAsync(PlatformRequest request) => Task.FromResult<Answer>(
        new QueryReader(request.Http.Request).Finish() is { } wrong ? wrong
        : book.Find(request, "get") is { } instance ? Answers.Answer.Of(book.Show(instance), PlatformJson.Default.ContainerView)
        : Problem.NotFound("container", request.Value("id")));
}
