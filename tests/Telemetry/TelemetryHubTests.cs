using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Store;
using Slipway.Telemetry.Collecting;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Tests.Collecting;

namespace Slipway.Telemetry.Tests;

public sealed class TelemetryHubTests : IAsyncLifetime
{
    private const string Token = "slp_admin_test";

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-hub-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new();
    private TelemetryHub _hub = null!;
    private WebApplication _app = null!;
    private Task _running = Task.CompletedTask;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _stop.CancelAsync();
        await _running;
        await _hub.DisposeAsync();
        _http.Dispose();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Nobody_asks_without_the_token_and_it_may_be_a_bearer_or_a_password()
    {
        await StartAsync(new TelemetrySettings());

        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/api/v1/query?query=1", null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/", Basic("admin", "wrong"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/", new AuthenticationHeaderValue("Bearer", Token))).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/", Basic("anybody", Token))).Status);
    }

    [Fact]
    public async Task Where_reading_is_open_changing_is_not()
    {
        await StartAsync(new TelemetrySettings { Open = true });
        await ReadyAsync();

        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/api/v1/query?query=1", null)).Status);
        using var silence = new StringContent("{}", Encoding.UTF8, "application/json");
        using var refused = await _http.PostAsync(new Uri("/api/v2/silences", UriKind.Relative), silence, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Figures_of_the_platform_are_told_kept_and_asked_for()
    {
        await StartAsync(new TelemetrySettings { Open = true });
        await ReadyAsync();
        await Until.HoldsAsync(() => Ask("told_by_the_test").Contains("\"7\"", StringComparison.Ordinal), "the figure was kept");

        Assert.Contains("\"job\":\"slipway\"", Ask("told_by_the_test"), StringComparison.Ordinal);
        var page = (await GetAsync("/metrics", null)).Text;
        Assert.Contains("told_by_the_test{service=\"orders\"} 7", page, StringComparison.Ordinal);
        Assert.Contains("# TYPE slipway_telemetry_samples_stored_total counter", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_sends_by_itself_is_found_under_its_service()
    {
        await StartAsync(new TelemetrySettings { Open = true });
        await ReadyAsync();
        var now = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000L).ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var message = new StringContent(
            $$$"""
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"orders"}}]},"scopeSpans":[{"spans":[
              {"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"POST /orders","kind":2,"startTimeUnixNano":"{{{now}}}","endTimeUnixNano":"{{{now}}}"}]}]}]}
            """,
            Encoding.UTF8,
            "application/json");
        using var taken = await _http.PostAsync(new Uri("/v1/traces", UriKind.Relative), message, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);

        Assert.Contains("POST /orders", (await GetAsync("/api/traces/4bf92f3577b34da6a3ce929d0e0e4736", null)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_is_said_and_everything_else_answers()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "logs"), "a file where a folder should be", TestContext.Current.CancellationToken);
        await StartAsync(new TelemetrySettings { Open = true });
        await Until.HoldsAsync(() => Get("/api/v1/query?query=1").Status == HttpStatusCode.OK, "metrics are open");
        await Until.HoldsAsync(() => _hub.Troubles.Count == 1, "the trouble is said");

        Assert.StartsWith("telemetry: logs cannot be used now:", _hub.Troubles[0], StringComparison.Ordinal);
        var refused = await GetAsync("/loki/api/v1/labels", null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Contains("logs cannot be asked now", refused.Text, StringComparison.Ordinal);
    }

    private async Task StartAsync(TelemetrySettings settings)
    {
        var sources = new TelemetrySources
        {
            Targets = new Nothing(),
            Logs = new Nothing(),
            Figures = [("test", new Told())],
            FigureTexts = [("text", () => "# TYPE gateway_requests_total counter\ngateway_requests_total{service=\"orders\"} 3\n")],
            Resources = ResourceStore.InMemory(TimeProvider.System),
        };
        _hub = new TelemetryHub(settings with { ScrapeInterval = TimeSpan.FromSeconds(1) }, sources, _folder, Token, TimeProvider.System, NullLoggerFactory.Instance);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        _app = builder.Build();
        // Two doors on one port: the one for programs first, since the one for people answers whatever comes.
        _app.UseRouting();
        _hub.MapOtlp(_app);
        _app.UseEndpoints(_ => { });
        _hub.MapDoors(_app);
        await _app.StartAsync(TestContext.Current.CancellationToken);
        _http.BaseAddress = new Uri(_app.Urls.First());
        _running = Task.Run(() => _hub.RunAsync(_stop.Token));
    }

    private Task ReadyAsync() => Until.HoldsAsync(() => Get("/-/ready").Status == HttpStatusCode.OK, "all stores are open");

    private string Ask(string expression) => Get($"/api/v1/query?query={expression}").Text;

    private (HttpStatusCode Status, string Text) Get(string path) => GetAsync(path, null).GetAwaiter().GetResult();

    private async Task<(HttpStatusCode Status, string Text)> GetAsync(string path, AuthenticationHeaderValue? who)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = who;
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private sealed class Told : IFigureSource
    {
        public Task<IReadOnlyList<Figure>> ReadAsync(CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<Figure>>([Figure.Gauge("told_by_the_test", "Seven.", [new FigureValue(LabelSet.Of(("service", "orders")), 7)])]);
    }

    private sealed class Nothing : IScrapeTargets, ILogSources
    {
        IReadOnlyList<ScrapeTarget> IScrapeTargets.Now() => [];

        IReadOnlyList<LogSource> ILogSources.Now() => [];
    }
}
