using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sdk.Hosting;

namespace Todo.Insights.Tests;

/// <summary>The running function, an issuer of tokens, and whoever may call it.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private readonly Issuer _issuer;

    private Scene(RunningService service, Issuer issuer) => (Service, _issuer) = (service, issuer);

    public RunningService Service { get; }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Scene> StartAsync(params (string Name, string Value)[] settings)
    {
        var issuer = await Issuer.StartAsync();
        var environment = settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value);
        environment.TryAdd("PROVIDER_TIMEOUT_MS", "30000");
        environment["IDENTITY_URL"] = issuer.Address.GetLeftPart(UriPartial.Authority);
        var service = await RunningService.StartAsync(InsightsService.Create, InsightsService.Map, environment);
        service.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issuer.Token(InsightsService.Scope));
        return new(service, issuer);
    }

    public string Token(string scope, string audience = "todo") => _issuer.Token(scope, audience);

    public async Task<(int Status, JsonNode Body)> PostAsync(string path, string body, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (token is not null)
        {
            request.Headers.Authorization = token.Length == 0 ? null : new AuthenticationHeaderValue("Bearer", token);
        }

        using var client = token?.Length == 0 ? Service.NewClient() : null;
        using var answer = await (client ?? Service.Client).SendAsync(request, Cancellation);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await _issuer.DisposeAsync();
    }
}
