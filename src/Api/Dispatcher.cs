using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Api.Access;
using Slipway.Api.Content;
using Slipway.Api.Discovery;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Api.Verbs;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Api;

/// <summary>
/// The way of a request: who sends it → what does the path name → may they → which verb → answer.
/// Whatever goes wrong on the way becomes a Status object.
/// </summary>
internal sealed partial class Dispatcher(
    ApiServices services,
    Authenticator authenticator,
    AccessRules rules,
    MetaEndpoints meta,
    ResourceVerbs verbs,
    IReadOnlyList<IApiExtension> extensions,
    ReplyWriter writer)
{
    private readonly ILogger _log = services.Loggers.CreateLogger<Dispatcher>();

    public async Task HandleAsync(HttpContext http)
    {
        var rendering = Rendering.Whole;
        var dialect = CloudRunDialect.Of(http.Request, services.Options.Region);
        Reply reply;
        try
        {
            reply = await AnswerAsync(http, dialect, chosen => rendering = chosen).ConfigureAwait(false);
            await writer.WriteAsync(http, reply, rendering, dialect).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException
            && http.RequestAborted.IsCancellationRequested)
        {
            // The caller has left in the middle; there is nobody to answer.
        }
        catch (BadHttpRequestException broken) when (!http.Response.HasStarted)
        {
            var refusal = broken.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? Failures.TooLarge(services.Options.BodyBytesMax)
                : Failures.BadRequest(broken.Message);
            await writer.WriteAsync(http, refusal, Rendering.Whole, null).ConfigureAwait(false);
        }
        catch (Exception bug) when (!http.Response.HasStarted)
        {
            LogBug(_log, bug, http.Request.Method, http.Request.Path);
            var status = new StatusObject(500, "InternalError", "Internal error occurred: the server's log has the details");
            await writer.WriteAsync(http, new Reply.Finished(status), Rendering.Whole, null).ConfigureAwait(false);
        }
    }

    private async Task<Reply> AnswerAsync(HttpContext http, CloudRunDialect? dialect, Action<Rendering> choose)
    {
        var path = http.Request.Path.Value ?? "/";
        if (meta.AnswerAnyone(path) is { } open)
        {
            return open;
        }

        if (authenticator.Identify(http) is not { } caller)
        {
            return Failures.Unauthorized();
        }

        if (meta.Answer(http.Request, path) is { } document)
        {
            return document;
        }

        foreach (var extension in extensions)
        {
            if (await extension.TryAnswerAsync(http, caller, path).ConfigureAwait(false) is { } answer)
            {
                return answer;
            }
        }

        if (ResourcePath.Parse(path) is not { } target)
        {
            return new Reply.Text("404 page not found", 404);
        }

        var rendering = Rendering.Choose(http.Request.Headers.Accept.ToString(), http.Request.Query["includeObject"].ToString());
        if (rendering.Failure is { } unacceptable)
        {
            return unacceptable;
        }

        choose(rendering.Value);
        var request = new ApiRequest(http, caller, target, rendering.Value, dialect);
        return await AnswerResourceAsync(request).ConfigureAwait(false) switch
        {
            Reply.Refused { About: null } refused => refused with { About = target.Kind, Name = refused.Name.Length > 0 ? refused.Name : target.Name },
            var reply => reply,
        };
    }

    private async Task<Reply> AnswerResourceAsync(ApiRequest request)
    {
        if (VerbOf(request) is not { } verb)
        {
            return Failures.MethodNotAllowed();
        }

        if (rules.Refusal(request.Caller, Attempt.Of(verb, request.Path)) is { } forbidden)
        {
            return forbidden;
        }

        return request.Path.Subresource.Length == 0 && !ServedVerbs.Of(request.Kind).Contains(verb)
            ? Failures.MethodNotAllowed()
            : await verbs.AnswerAsync(verb, request).ConfigureAwait(false);
    }

    private static Verb? VerbOf(ApiRequest request)
    {
        var collection = request.Path.IsCollection;
        return request.Http.Request.Method switch
        {
            "GET" or "HEAD" when collection => request.Flag("watch") ? Verb.Watch : Verb.List,
            "GET" or "HEAD" => Verb.Get,
            "POST" when collection || request.Path.Subresource.Length > 0 => Verb.Create,
            "PUT" when !collection => Verb.Update,
            "PATCH" when !collection => Verb.Patch,
            "DELETE" => collection ? Verb.DeleteCollection : Verb.Delete,
            _ => null,
        };
    }

    [LoggerMessage(EventId = 5001, Level = LogLevel.Error, Message = "{Method} {Path} failed by a fault of ours")]
    private static partial void LogBug(ILogger log, Exception bug, string method, string path);
}

/// <summary>A family of paths beside the resource API. Null means: not mine.</summary>
internal interface IApiExtension
{
    Task<Reply?> TryAnswerAsync(HttpContext http, Caller caller, string path);
}
