using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Model.Failures;
using Slipway.Registry.Content;

namespace Slipway.Registry.Images;

/// <summary>
/// Speaks to one other registry: resolves and fetches, and sends what was packed. Answers its challenges (Basic or a token
/// service) once per repository and keeps the token while this object lives.
/// </summary>
internal sealed partial class RemoteRegistry(HttpClient http, string host, bool plainHttp, RemoteCredential? credential, TimeSpan timeout, TimeProvider time)
{
    private const int TokenAnswerBytesMax = 256 * 1024;

    private AuthenticationHeaderValue? _authorization;

    public string Host => host;

    private Uri Base { get; } = new($"{(plainHttp ? "http" : "https")}://{(host == "docker.io" ? "registry-1.docker.io" : host)}/");

    /// <summary>A manifest by tag or digest; a digest asked for is also checked.</summary>
    public async Task<Outcome<Manifest>> FetchManifestAsync(string repository, string reference, CancellationToken cancellation)
    {
        var asked = await AskAsync(repository, "pull", () => Request(HttpMethod.Get, $"v2/{repository}/manifests/{reference}", MediaTypes.Manifests), cancellation);
        if (!asked.Succeeded)
        {
            return asked.Failure!;
        }

        using var response = asked.Value;
        if (Refusal(response, $"{repository}:{reference}") is { } refusal)
        {
            return refusal;
        }

        var body = await ReadBoundedAsync(response, Bounds.ManifestBytesMax, cancellation);
        if (!body.Succeeded)
        {
            return body.Failure!;
        }

        var manifest = Manifest.Read(body.Value, response.Content.Headers.ContentType?.MediaType);
        return manifest.Succeeded && Digest.TryParse(reference, out var stated) && stated != manifest.Value.Digest
            ? ContentFailures.DigestMismatch(stated, manifest.Value.Digest)
            : manifest;
    }

    /// <summary>Streams a blob into <paramref name="keep"/>, which checks its digest.</summary>
    public async Task<Outcome<Digest>> FetchBlobAsync(
        string repository, Digest digest, Func<Stream, CancellationToken, Task<Outcome<Digest>>> keep, CancellationToken cancellation)
    {
        var asked = await AskAsync(repository, "pull", () => Request(HttpMethod.Get, $"v2/{repository}/blobs/{digest}", []), cancellation);
        if (!asked.Succeeded)
        {
            return asked.Failure!;
        }

        using var response = asked.Value;
        if (Refusal(response, $"{repository}@{digest}") is { } refusal)
        {
            return refusal;
        }

        try
        {
            await using var content = new ImpatientStream(await response.Content.ReadAsStreamAsync(cancellation), timeout, time);
            return await keep(content, cancellation);
        }
        catch (Exception exception) when (IsNetworkTrouble(exception, cancellation))
        {
            return ImageFailures.Unreachable(host, exception.Message);
        }
    }

    public async Task<Outcome<bool>> HasBlobAsync(string repository, Digest digest, CancellationToken cancellation)
    {
        var asked = await AskAsync(repository, "pull,push", () => Request(HttpMethod.Head, $"v2/{repository}/blobs/{digest}", []), cancellation);
        if (!asked.Succeeded)
        {
            return asked.Failure!;
        }

        using var response = asked.Value;
        return response.StatusCode == HttpStatusCode.NotFound ? false
            : Refusal(response, $"{repository}@{digest}") is { } refusal ? refusal : true;
    }

    /// <summary>Sends a blob in one request. <paramref name="open"/> is called again when the registry wants other credentials first.</summary>
    public async Task<Failure?> SendBlobAsync(string repository, Digest digest, Func<Stream> open, CancellationToken cancellation)
    {
        var begun = await AskAsync(repository, "pull,push", () => Request(HttpMethod.Post, $"v2/{repository}/blobs/uploads/", []), cancellation);
        if (!begun.Succeeded)
        {
            return begun.Failure;
        }

        using var begin = begun.Value;
        if (Refusal(begin, repository) is { } refusal)
        {
            return refusal;
        }

        if (begin.Headers.Location is not { } location)
        {
            return ImageFailures.Unreachable(host, "it began an upload without saying where");
        }

        var place = new Uri(Base, location);
        var target = new Uri($"{place}{(place.Query.Length == 0 ? "?" : "&")}digest={digest}");
        var sent = await AskAsync(repository, "pull,push", () =>
        {
            var content = new StreamContent(open());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            return new HttpRequestMessage(HttpMethod.Put, target) { Content = content };
        }, cancellation, bodyMayTakeLong: true);
        if (!sent.Succeeded)
        {
            return sent.Failure;
        }

        using var response = sent.Value;
        return Refusal(response, $"{repository}@{digest}");
    }

    public async Task<Failure?> SendManifestAsync(string repository, string reference, string mediaType, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var sent = await AskAsync(repository, "pull,push", () =>
        {
            var request = Request(HttpMethod.Put, $"v2/{repository}/manifests/{reference}", []);
            request.Content = new ReadOnlyMemoryContent(bytes);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
            return request;
        }, cancellation);
        if (!sent.Succeeded)
        {
            return sent.Failure;
        }

        using var response = sent.Value;
        return Refusal(response, $"{repository}:{reference}");
    }

    private HttpRequestMessage Request(HttpMethod method, string path, IReadOnlyList<string> accept)
    {
        var request = new HttpRequestMessage(method, new Uri(Base, path));
        foreach (var mediaType in accept)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(mediaType));
        }

        return request;
    }

    private async Task<Outcome<HttpResponseMessage>> AskAsync(
        string repository, string actions, Func<HttpRequestMessage> make, CancellationToken cancellation, bool bodyMayTakeLong = false)
    {
        try
        {
            var response = await SendAsync(make, bodyMayTakeLong, cancellation);
            if (response.StatusCode != HttpStatusCode.Unauthorized)
            {
                return response;
            }

            using (response)
            {
                if (await AnswerAsync(response, repository, actions, cancellation) is { } failure)
                {
                    return failure;
                }
            }

            return await SendAsync(make, bodyMayTakeLong, cancellation);
        }
        catch (Exception exception) when (IsNetworkTrouble(exception, cancellation))
        {
            return ImageFailures.Unreachable(host, exception is OperationCanceledException ? $"no answer within {timeout.TotalSeconds:0} s" : exception.Message);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, bool bodyMayTakeLong, CancellationToken cancellation)
    {
        using var request = make();
        request.Headers.Authorization = request.RequestUri!.Host == Base.Host ? _authorization : null;
        using var limit = new CancellationTokenSource(bodyMayTakeLong ? TimeSpan.FromHours(1) : timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
    }

    /// <summary>Gets what the challenge asks for; a failure when we have nothing to offer.</summary>
    private async Task<Failure?> AnswerAsync(HttpResponseMessage refused, string repository, string actions, CancellationToken cancellation)
    {
        var basic = credential is null ? null
            : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Name}:{credential.Secret}")));
        var challenge = refused.Headers.WwwAuthenticate.FirstOrDefault(value => value.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase));
        if (challenge?.Parameter is null)
        {
            _authorization = basic;
            return basic is null ? ImageFailures.Unauthorised(repository, host) : null;
        }

        var fields = Field().Matches(challenge.Parameter).ToDictionary(match => match.Groups[1].Value.ToLowerInvariant(), match => match.Groups[2].Value, StringComparer.Ordinal);
        if (!fields.TryGetValue("realm", out var realm) || !Uri.TryCreate(realm, UriKind.Absolute, out var service)
            || service.Scheme is not ("https" or "http") || (service.Scheme == "http" && !plainHttp))
        {
            return ImageFailures.Unreachable(host, $"its token service '{fields.GetValueOrDefault("realm")}' is not a safe address");
        }

        var separator = service.Query.Length == 0 ? "?" : "&";
        var address = new Uri($"{service}{separator}service={Uri.EscapeDataString(fields.GetValueOrDefault("service", host))}&scope={Uri.EscapeDataString($"repository:{repository}:{actions}")}");
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = basic;
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        if (!response.IsSuccessStatusCode)
        {
            return Refusal(response, repository);
        }

        var body = await ReadBoundedAsync(response, TokenAnswerBytesMax, cancellation);
        if (!body.Succeeded)
        {
            return body.Failure;
        }

        try
        {
            using var answer = JsonDocument.Parse(body.Value);
            var token = Text(answer, "token") ?? Text(answer, "access_token");
            _authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            return token is null ? ImageFailures.Unreachable(host, "its token service gave no token") : null;
        }
        catch (JsonException)
        {
            return ImageFailures.Unreachable(host, "its token service gave no readable answer");
        }
    }

    private static string? Text(JsonDocument answer, string name) =>
        answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    private Failure? Refusal(HttpResponseMessage response, string reference) => response.StatusCode switch
    {
        HttpStatusCode.NotFound => ImageFailures.NotFound(reference, host),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ImageFailures.Unauthorised(reference, host),
        _ when response.IsSuccessStatusCode => null,
        var status => ImageFailures.Unreachable(host, $"status {(int)status}"),
    };

    private async Task<Outcome<byte[]>> ReadBoundedAsync(HttpResponseMessage response, int bytesMax, CancellationToken cancellation)
    {
        try
        {
            await using var content = new ImpatientStream(await response.Content.ReadAsStreamAsync(cancellation), timeout, time);
            using var bytes = new MemoryStream();
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = await content.ReadAsync(buffer, cancellation)) > 0)
            {
                if (bytes.Length + read > bytesMax)
                {
                    return ContentFailures.TooLarge("answer", bytesMax);
                }

                bytes.Write(buffer, 0, read);
            }

            return bytes.ToArray();
        }
        catch (Exception exception) when (IsNetworkTrouble(exception, cancellation))
        {
            return ImageFailures.Unreachable(host, exception.Message);
        }
    }

    /// <summary>A caller that gave up is not the network's fault and stays an exception.</summary>
    private static bool IsNetworkTrouble(Exception exception, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested && exception is (HttpRequestException or HttpIOException or TimeoutException or OperationCanceledException);

    [GeneratedRegex("([A-Za-z]+)=\"([^\"]*)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Field();
}
