using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.TitanicApi.Tests.Scenes;

/// <summary>Somebody at the list, and what they ask of the service.</summary>
public sealed class Person(HttpClient client)
{
    public HttpClient Client => client;

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, "", headers);

    public Task<Answer> PostAsync(string path, string body, params (string Name, string Value)[] headers) => SendAsync("POST", path, body, "application/json", headers);

    public Task<Answer> PutAsync(string path, string body, params (string Name, string Value)[] headers) => SendAsync("PUT", path, body, "application/json", headers);

    public Task<Answer> PatchAsync(string path, string body, string etag) => SendAsync("PATCH", path, body, "application/merge-patch+json", ("If-Match", etag));

    public Task<Answer> DeleteAsync(string path, params (string Name, string Value)[] headers) => SendAsync("DELETE", path, null, "", headers);

    public async Task<Answer> SendAsync(string method, string path, string? body, string type, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Answer.OfAsync(client, request);
    }

    /// <summary>Adds somebody to the list.</summary>
    public async Task<Answer> AddAsync(string name, string more = "", params (string Name, string Value)[] headers)
    {
        var answer = await PostAsync("/api/v1/people", $$"""{"survived":false,"passengerClass":3,"sex":"male","name":"{{name}}"{{more}}}""", headers);
        Assert.True(answer.Status == 201, answer.Body);
        return answer;
    }
}

internal static class Reading
{
    public static JsonElement Ok(this Answer answer, int status = 200)
    {
        Assert.True(answer.Status == status, $"Expected {status}, got {answer.Status}: {answer.Body}");
        return answer.Json();
    }

    public static string Path(this Answer answer) => answer.Header("Location")!;

    public static string ETag(this Answer answer) => answer.Header("ETag")!;

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static int Number(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static List<JsonElement> Items(this Answer answer) => [.. answer.Ok().GetProperty("items").EnumerateArray()];

    public static List<string> Names(this Answer answer) => [.. answer.Items().Select(item => item.Text("name"))];

    public static List<string> ErrorsAt(this Answer answer, int status = 422) =>
        [.. answer.Problem(status).GetProperty("errors").EnumerateArray().Select(error => error.TryGetProperty("pointer", out var pointer) ? pointer.GetString()! : error.Text("parameter"))];
}
