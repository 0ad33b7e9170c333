using System.Net;
using System.Net.Http.Headers;
using Slipway.Sdk.Outbound;

namespace Slipway.Sdk.Callers;

/// <summary>Asks the identity service. Small answers only; time limit and breaker are those of every call to a service.</summary>
internal sealed class IdentityConnection(ServiceCalls calls)
{
    private const long AnswerBytesMax = 256 * 1024;

    /// <exception cref="HttpRequestException">The answer is larger than any good one.</exception>
    /// <exception cref="Problems.ProblemException">There is no answer.</exception>
    public async Task<(HttpStatusCode Status, byte[] Body)> GetAsync(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, cancellation);
    }

    public async Task<(HttpStatusCode Status, byte[] Body)> PostAsync(string path, byte[] json, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        return await SendAsync(request, cancellation);
    }

    private async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var response = await calls.Client("identity").SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        await response.Content.LoadIntoBufferAsync(AnswerBytesMax, cancellation);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation));
    }
}
