using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Api.Platform.Services;

namespace Slipway.Api.Platform.Deployments;

/// <summary>
/// <c>POST /api/containers</c> and <c>POST /api/services</c>: a new service from a form. Its containers come as they are
/// wanted, so the first answer leads to where they will be listed, the second to the service.
/// </summary>
internal sealed class CreateDeployment(ServiceBook book, DeploymentWriter writer)
{
    public Task<Answer> AnswerContainersAsync(PlatformRequest request) =>
        AnswerAsync(request, (name, @namespace) => $"/api/containers?service={name}&namespace={@namespace}");

    public Task<Answer> AnswerServicesAsync(PlatformRequest request) =>
        AnswerAsync(request, (name, @namespace) => $"/api/services/{name}?namespace={@namespace}");

    private async Task<Answer> AnswerAsync(PlatformRequest request, Func<string, string, string> locate)
    {
        var (body, unreadable) = await BodyReader.OpenAsync(request);
        if ((new QueryReader(request.Http.Request).Finish() ?? unreadable) is { } wrong)
        {
            return wrong;
        }

        var form = DeploymentForm.Create(body!);
        if (body!.Finish() is { } invalid)
        {
            return invalid;
        }

        var @namespace = form.Namespace ?? GetService.NamespaceDefault;
        if (!request.May("create", PlatformResource.Services, @namespace))
        {
            return Problem.Forbidden(request.Caller.User, "create", "services", @namespace);
        }

        var (made, problem) = await writer.CreateAsync(request, form, @namespace);
        return problem is not null
            ? problem
            : Answer.Of(book.Look(@namespace).Show(made!), PlatformJson.Default.ServiceView, 201, locate(made!.Name, @namespace));
    }
}
