using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;

namespace Slipway.Api.Platform.Services;

/// <summary><c>GET /api/services/{name}</c>.</summary>
internal sealed class GetService(ServiceBook book)
{
    public const string NamespaceDefault = "default";

    public Task<Answer> AnswerAsync(PlatformRequest request) => Task.FromResult(Answer(request));

    private Answer Answer(PlatformRequest request)
    {
        var query = new QueryReader(request.Http.Request);
        var @namespace = query.Namespace() ?? NamespaceDefault;
        if (query.Finish() is { } wrong)
        {
            return wrong;
        }

        return request.May("get", PlatformResource.Services, @namespace) && book.Find(@namespace, request.Value("name")) is { } service
            ? Answers.Answer.Of(book.Look(@namespace).Show(service), PlatformJson.Default.ServiceView)
            : Problem.NotFound("service", request.Value("name"));
    }
}
