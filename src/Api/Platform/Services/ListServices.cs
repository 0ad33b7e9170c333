using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;

namespace Slipway.Api.Platform.Services;

/// <summary><c>GET /api/services</c>: every service, by namespace and name.</summary>
internal sealed class ListServices(ServiceBook book, Paging paging)
{
    public Task<Answer> AnswerAsync(PlatformRequest request) => Task.FromResult(Answer(request));

    private Answer Answer(PlatformRequest request)
    {
        var query = new QueryReader(request.Http.Request);
        var @namespace = query.Namespace();
        var (page, mismatch) = paging.Read(request, query);
        if ((query.Finish() ?? mismatch) is { } wrong)
        {
            return wrong;
        }

        if (!request.May("list", PlatformResource.Services, @namespace ?? ""))
        {
            return Problem.Forbidden(request.Caller.User, "list", "services", @namespace);
        }

        var picture = book.Look(@namespace);
        var cut = paging.Cut(book.All(@namespace), page, service => [service.Namespace, service.Name]);
        return ListAnswer.Of(cut, picture.Show, PlatformJson.Default.ListViewServiceView);
    }
}
