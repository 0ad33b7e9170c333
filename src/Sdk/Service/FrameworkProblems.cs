using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Service;

/// <summary>The words for failures that the framework found before any handler did.</summary>
internal static class FrameworkProblems
{
    public static Problem Internal() => new(500, "internal", "Something went wrong here", "The call failed for a reason of ours. The trace id leads to it.");

    public static Problem NoSuchAddress() => new(404, "notFound", "Not found", "There is nothing under this address.");

    /// <summary>For an answer that has a status and nothing else.</summary>
    public static Problem Of(HttpContext http) => http.Response.StatusCode switch
    {
        404 => NoSuchAddress(),
        405 => new(405, "methodNotAllowed", "Not a method of this address", $"{http.Request.Method} is not possible here; the Allow header names what is."),
        415 => new(415, "unsupportedMediaType", "Not a kind of body this call reads", "Send the body as application/json."),
        401 => Problem.Unauthenticated("Send an access token or an API key as Authorization: Bearer."),
        403 => Problem.Forbidden("You may not do this."),
        500 => Internal(),
        var status => new(status, $"status{status}", "The call failed", $"The call ended with status {status}."),
    };

    public static Problem Of(BadHttpRequestException exception) => exception.StatusCode switch
    {
        413 => new(413, "tooLarge", "The body is too large", "The body is larger than this call reads."),
        415 => new(415, "unsupportedMediaType", "Not a kind of body this call reads", "Send the body as application/json."),
        408 => new(408, "tooSlow", "The request came too slowly", "The body did not arrive in time."),
        _ when exception.InnerException is JsonException => new(400, "malformedJson", "The body is not JSON", "The body cannot be read as JSON."),
        var status => new(status, "unreadable", "The request cannot be read", "A value of the address or of the body does not have the form this call expects."),
    };
}
