using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Doors.Prometheus;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.PromQl;

namespace Slipway.Telemetry.Tests.Prometheus;

/// <summary>The door on a port of its own.</summary>
internal sealed class PrometheusDoor : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PrometheusDoor(WebApplication app, Uri address)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public HttpClient Client { get; }

    public string Address => Client.BaseAddress!.GetLeftPart(UriPartial.Authority);

    public static async Task<PrometheusDoor> OpenAsync(ISeriesReader series, TimeProvider? time = null, Func<PrometheusApiServices, PrometheusApiServices>? change = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var book = new Books();
        var services = new PrometheusApiServices(new PromQlEngine(series, TimeProvider.System), series, book, book, time ?? TimeProvider.System) { Version = "1.2.3" };
        app.MapPrometheusApi(change is null ? services : change(services));
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new PrometheusDoor(app, new Uri(address));
    }

    public async Task<(int Status, string Body)> ReadAsync(string pathAndQuery)
    {
        using var answer = await Client.GetAsync(new Uri(pathAndQuery, UriKind.Relative));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<(int Status, string Body)> PostAsync(string path, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await Client.PostAsync(new Uri(path, UriKind.Relative), content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>One group with both kinds of rules, and one target.</summary>
    private sealed class Books : IRuleBook, ITargetBook
    {
        private static readonly DateTimeOffset s_at = new(2023, 11, 15, 1, 2, 3, TimeSpan.Zero);

        public IReadOnlyList<RuleGroupView> Groups()
        {
            var alert = new AlertView(Labels.LabelSet.Of(("alertname", "Down"), ("severity", "page")), new Dictionary<string, string> { ["summary"] = "gone" }, "firing", s_at, 1.5);
            return
            [
                new RuleGroupView("basics", "basics.yaml", TimeSpan.FromSeconds(30),
                [
                    new RuleView("Down", "up == 0", Labels.LabelSet.Of(("severity", "page")), "ok", "", TimeSpan.FromMilliseconds(2), s_at,
                        new AlertingView("firing", TimeSpan.FromMinutes(5), TimeSpan.Zero, new Dictionary<string, string> { ["summary"] = "gone" }, [alert])),
                    new RuleView("job:up:sum", "sum by (job) (up)", Labels.LabelSet.Empty, "err", "no such thing", TimeSpan.Zero, null, null),
                ], TimeSpan.FromMilliseconds(3), s_at),
            ];
        }

        public IReadOnlyList<TargetView> Targets() =>
            [new TargetView(Labels.LabelSet.Of(("job", "api"), ("instance", "api-0")), "api", new Uri("http://127.0.0.1:4711/metrics"), "up", "", s_at, TimeSpan.FromMilliseconds(7), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(10))];
    }
}
