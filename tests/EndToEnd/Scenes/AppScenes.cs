using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Harness;

namespace Slipway.EndToEnd.Tests.Scenes;

/// <summary>The applications as they come with Slipway: deployed by `slipway up` from their own manifests, used through the gateway.</summary>
public sealed partial class AppScenes
{
    /// <summary>A dozen programs and three web pages are built on the way.</summary>
    private static readonly TimeSpan s_deployment = TimeSpan.FromMinutes(12);

    [Fact]
    public async Task Up_brings_the_applications_and_people_can_use_them_while_things_are_killed()
    {
        await using var cloud = Cloud.Prepare(new Dictionary<string, string> { ["SLIPWAY_APPS"] = "on", ["SLIPWAY_SOURCE"] = Checkout.Root });
        var up = (await Command.RunAsync(Checkout.Slipway, ["up", "-d"], cloud.Settings, limit: s_deployment)).Succeeded();
        Assert.Contains($"http://todo.localhost:{cloud.GatewayPort}", up.Output, StringComparison.Ordinal);
        var listed = (await cloud.SlipwayAsync("apps", "list")).Succeeded().Output;
        foreach (var service in new[] { "identity", "todo", "todo-api", "todo-insights", "todo-monitor", "shop", "catalog", "inventory", "orders", "payments", "cart", "titanic" })
        {
            Assert.Matches($@"(?m)\s{service}\s+http://{service}\.localhost:\d+\s+ready\s*$", listed);
        }

        await TodoAsync(cloud);
        await ShopAsync(cloud);
        Assert.Contains("\"passengerId\":1,", await GetAsync(cloud, "titanic", "/people?limit=1"), StringComparison.Ordinal);
        await WatchingAsync(cloud);
        (await cloud.SlipwayAsync("down")).Succeeded();
    }

    private static async Task TodoAsync(Cloud cloud)
    {
        var page = await GetAsync(cloud, "todo", "/");
        Assert.Contains("<script type=\"module\"", page, StringComparison.Ordinal);

        var token = await RegisterAsync(cloud, "ada@example.org");
        var created = await CallAsync(cloud, token, HttpMethod.Post, "todo-api", "/api/v1/todos/quick", """{"text":"dentist tomorrow 15:00 #health !high","timeZone":"Europe/Berlin"}""");
        Assert.Equal(("dentist", "high", "health"), ((string?)created["todo"]!["title"], (string?)created["todo"]!["priority"], (string?)created["todo"]!["tags"]![0]));
        await NobodyPassesWithoutATokenAsync(cloud);

        ProcessTable.Kill(cloud.ServerProcessId);
        await Eventually.TrueAsync(async () => (await TitlesAsync(cloud, token)).SequenceEqual(["dentist"]), "the todo is there after the server was killed");

        var insights = await CallAsync(cloud, token, HttpMethod.Post, "todo-insights", "/insights", """{"todos":[{"id":"1","title":"urgent: pay the rent, this is awful"}]}""");
        Assert.NotNull(insights["sentiment"]);

        var status = await Eventually.GetAsync(
            async () => JsonNode.Parse(await GetAsync(cloud, "todo-monitor", "/api/v1/status"))!, seen => (string?)seen["checkedAt"] is not null, "the monitor has checked");
        Assert.Contains("todo-api", status["services"]!.AsArray().Select(service => (string?)service!["name"]));
    }

    private static async Task NobodyPassesWithoutATokenAsync(Cloud cloud)
    {
        await Eventually.TrueAsync(async () =>
        {
            using var refused = await cloud.Http.GetAsync(Url(cloud, "todo-api", "/api/v1/todos"));
            return refused.StatusCode == HttpStatusCode.Unauthorized;
        }, "a call without a token is refused");
    }

    private static async Task<string> RegisterAsync(Cloud cloud, string email)
    {
        using var body = new StringContent($$"""{"email":"{{email}}","username":"{{email.Split('@')[0]}}","password":"correct horse battery 9"}""", Encoding.UTF8, "application/json");
        using var answer = await cloud.Http.PostAsync(Url(cloud, "identity", "/auth/register"), body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{(int)answer.StatusCode} {text}");
        return (string)JsonNode.Parse(text)!["token"]!;
    }

    private static async Task<List<string>> TitlesAsync(Cloud cloud, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url(cloud, "todo-api", "/api/v1/todos"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var answer = await cloud.Http.SendAsync(request);
            return answer.IsSuccessStatusCode
                ? [.. JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["items"]!.AsArray().Select(todo => (string)todo!["title"]!)]
                : [];
        }
        catch (HttpRequestException)
        {
            // The gateway is being started again.
            return [];
        }
    }

    private static async Task<JsonNode> CallAsync(Cloud cloud, string token, HttpMethod method, string service, string path, string body)
    {
        using var request = new HttpRequestMessage(method, Url(cloud, service, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await cloud.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {service}{path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    private static async Task<string> GetAsync(Cloud cloud, string service, string path)
    {
        using var answer = await cloud.Http.GetAsync(Url(cloud, service, path));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"GET {service}{path}: {(int)answer.StatusCode} {text}");
        return text;
    }

    /// <summary>The short name, as people type it.</summary>
    private static Uri Url(Cloud cloud, string service, string path) => new($"http://{service}.localhost:{cloud.GatewayPort}{path}");
}
