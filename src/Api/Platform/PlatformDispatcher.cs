using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Api.Access;
using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;

namespace Slipway.Api.Platform;

/// <summary>
/// The way of a request: who sends it → which operation does it name → answer. Operations check what the caller may do
/// as soon as they know the namespace. Whatever goes wrong on the way becomes a problem document.
/// </summary>
internal sealed partial class PlatformDispatcher(Authenticator authenticator, AccessRules rules, OperationTable operations, ApiServices services)
{
    private const string RequestIdHeader = "X-Request-Id";
    private readonly ILogger _log = services.Loggers.CreateLogger<PlatformDispatcher>();

    public async Task HandleAsync(HttpContext http)
    {
        var requestId = RequestId(http.Request);
        http.Response.Headers[RequestIdHeader] = requestId;
        try
        {
            await AnswerWriter.WriteAsync(http, await AnswerAsync(http), requestId);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone; there is nobody to answer.
        }
        catch (BadHttpRequestException broken) when (!http.Response.HasStarted)
        {
            await AnswerWriter.WriteAsync(http, new Problem(broken.StatusCode, "unreadableRequest", "The request cannot be read", broken.Message), requestId);
        }
        catch (Exception bug) when (!http.Response.HasStarted)
        {
            LogBug(_log, bug, http.Request.Method, http.Request.Path, requestId);
            await AnswerWriter.WriteAsync(
                http, new Problem(500, "internalError", "A fault of ours", $"The server's log has the details under request {requestId}."), requestId);
        }
    }

    private async Task<Answer> AnswerAsync(HttpContext http)
    {
        if (authenticator.Identify(http) is not { } caller)
        {
            return new Problem(401, "unauthenticated", "Who are you?", "Send a valid bearer token in the Authorization header, or a client certificate.");
        }

        var path = http.Request.Path.Value ?? "/";
        var (operation, values, methods) = operations.Find(http.Request.Method, path["/api/".Length..]);
        if (operation is null)
        {
            return methods.Count > 0
                ? new Problem(405, "methodNotAllowed", "Method not allowed", $"{path} answers to {string.Join(", ", methods)}.") { Allow = methods }
                : new Problem(404, "unknownResource", "Unknown resource", $"Nothing is served at {path}.");
        }

        return await operation.AnswerAsync(new PlatformRequest(http, caller, rules, values));
    }

    /// <summary>The caller's own id when it is harmless in a log, else a new one.</summary>
    private string RequestId(HttpRequest request)
    {
        var given = request.Headers[RequestIdHeader].ToString();
        return given.Length is >= 8 and <= 128 && given.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-')
            ? given
            : Guid.CreateVersion7(services.Time.GetUtcNow()).ToString();
    }

    [LoggerMessage(EventId = 5101, Level = LogLevel.Error, Message = "{Method} {Path} failed by a fault of ours (request {RequestId})")]
    private static partial void LogBug(ILogger log, Exception bug, string method, string path, string requestId);
}
