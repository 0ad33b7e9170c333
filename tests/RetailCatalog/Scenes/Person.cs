using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailCatalog.Tests.Scenes;

/// <summary>Somebody in the shop, and what they ask of the service.</summary>
public sealed class Person(Guid id, HttpClient client)
{
    public Guid Id => id;

    public HttpClient Client => client;

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, (string?)null, headers);

    public Task<Answer> PostAsync(string path, string body, params (string Name, string Value)[] headers) => SendAsync("POST", path, body, headers);

    public Task<Answer> PutAsync(string path, string body, string? etag = null) => SendAsync("PUT", path, body, IfMatch(etag));

    public Task<Answer> PatchAsync(string path, string body, string? etag = null) => SendAsync("PATCH", path, body, IfMatch(etag));

    public Task<Answer> DeleteAsync(string path, string? etag = null) => SendAsync("DELETE", path, (string?)null, IfMatch(etag));

    public Task<Answer> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), headers);

    public async Task<Answer> SendAsync(string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(
                headers.FirstOrDefault(header => header.Name == "Content-Type").Value ?? (method == "PATCH" ? "application/merge-patch+json" : "application/json"));
        }

        foreach (var (name, value) in headers.Where(header => header.Name != "Content-Type"))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Answer.OfAsync(client, request);
    }

    /// <summary>A new product, as it was answered.</summary>
    public async Task<Answer> OfferAsync(string name, string more = "", string category = "cookware", decimal price = 19.9m)
    {
        var answer = await PostAsync(
            "/api/v1/products",
            string.Create(CultureInfo.InvariantCulture, $$"""{"name":{{JsonSerializer.Serialize(name)}},"category":"{{category}}","price":{{price}}{{(more.Length == 0 ? "" : "," + more)}}}"""));
        Assert.True(answer.Status == 201, answer.Body);
        return answer;
    }

    public static JsonElement Expect(Answer answer, int status)
    {
        Assert.True(answer.Status == status, $"Expected {status}, got {answer.Status}: {answer.Body}");
        return answer.Body.Length == 0 ? default : answer.Json();
    }

    private static (string Name, string Value)[] IfMatch(string? etag) => etag is null ? [] : [("If-Match", etag)];
}

internal static class Reading
{
    public static string Id(this Answer answer) => answer.Json().Text("id");

    public static string ETag(this Answer answer) => answer.Header("ETag")!;

    public static string Path(this Answer answer) => answer.Header("Location") ?? "/api/v1/products/" + answer.Id();

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static List<string> Names(this Answer answer) => [.. Person.Expect(answer, 200).GetProperty("items").EnumerateArray().Select(item => item.Text("name"))];

    public static JsonElement Facet(this Answer answer, string field, string? attribute = null) => Person.Expect(answer, 200).GetProperty("facets").EnumerateArray()
        .First(facet => facet.Text("field") == field && (attribute is null || facet.GetProperty("attribute").GetString() == attribute));

    public static Dictionary<string, long> Counts(this JsonElement facet) =>
        facet.GetProperty("values").EnumerateArray().ToDictionary(value => value.Text("value"), value => value.GetProperty("count").GetInt64());

    public static List<string> ErrorsAt(this Answer answer, int status = 422) =>
        [.. answer.Problem(status).GetProperty("errors").EnumerateArray().Select(error => error.TryGetProperty("pointer", out var pointer) ? pointer.GetString()! : error.Text("parameter"))];
}
