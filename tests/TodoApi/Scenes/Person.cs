using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.TodoApi.Tests.Scenes;

/// <summary>Somebody who is signed in, and what they ask of the service.</summary>
public sealed class Person(Guid id, string email, string token, HttpClient client)
{
    public Guid Id => id;

    public string Email => email;

    public string Token => token;

    public HttpClient Client => client;

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    public Task<Answer> PostAsync(string path, string? body = null, params (string Name, string Value)[] headers) => SendAsync("POST", path, body, headers);

    public Task<Answer> PatchAsync(string path, string body, long? version = null) => SendAsync("PATCH", path, body, IfMatch(version));

    public Task<Answer> PutAsync(string path, string body, long? version = null) => SendAsync("PUT", path, body, IfMatch(version));

    public Task<Answer> DeleteAsync(string path, long? version = null) => SendAsync("DELETE", path, null, IfMatch(version));

    public async Task<Answer> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            var type = method == "PATCH" && path.StartsWith("/api/", StringComparison.Ordinal) ? "application/merge-patch+json" : "application/json";
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(headers.FirstOrDefault(header => header.Name == "Content-Type").Value ?? type);
        }

        foreach (var (name, value) in headers)
        {
            if (name != "Content-Type")
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await Answer.OfAsync(client, request);
    }

    /// <summary>A new todo, as it was answered.</summary>
    public async Task<JsonElement> TodoAsync(string title, string more = "")
    {
        var answer = await PostAsync("/api/v1/todos", $$"""{"title":{{JsonSerializer.Serialize(title)}}{{(more.Length == 0 ? "" : "," + more)}}}""");
        return Expect(answer, 201);
    }

    public async Task<List<string>> IdsAsync(string query = "") =>
        [.. Expect(await GetAsync("/api/v1/todos" + query), 200).GetProperty("items").EnumerateArray().Select(JsonReading.Id)];

    public async Task<JsonElement> ListAsync(string name) => Expect(await PostAsync("/api/v1/lists", $$"""{"name":"{{name}}"}"""), 201);

    public async Task<List<string>> TitlesAsync(string query = "") =>
        [.. Expect(await GetAsync("/api/v1/todos" + query), 200).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()!)];

    /// <summary>Shares a list: invites the other, who accepts.</summary>
    public async Task ShareAsync(string list, Person other, string role)
    {
        var invitation = Expect(await PostAsync($"/api/v1/lists/{list}/invitations", $$"""{"email":"{{other.Email}}","role":"{{role}}"}"""), 201);
        Expect(await other.PostAsync($"/api/v1/invitations/{invitation.GetProperty("id").GetString()}/accept"), 200);
    }

    public static JsonElement Expect(Answer answer, int status)
    {
        Assert.True(answer.Status == status, $"Expected {status}, got {answer.Status}: {answer.Body}");
        return answer.Body.Length == 0 ? default : answer.Json();
    }

    private static (string Name, string Value)[] IfMatch(long? version) =>
        version is null ? [] : [("If-Match", string.Create(CultureInfo.InvariantCulture, $"\"{version}\""))];
}

internal static class JsonReading
{
    public static string Id(this JsonElement element) => element.GetProperty("id").GetString()!;

    public static long Version(this JsonElement element) => element.GetProperty("version").GetInt64();

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
