using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Telemetry.Collecting;

namespace Slipway.Telemetry.Tests.Collecting;

public sealed class ScraperTests : IAsyncLifetime
{
    private readonly MemoryMetrics _sink = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Fleet _fleet = new();
    private readonly ToldProgram _program = new();
    private Task _running = Task.CompletedTask;
    private Scraper? _started;

    public async ValueTask InitializeAsync() => await _program.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _started?.Dispose();
        _stop.Dispose();
        await _program.DisposeAsync();
    }

    [Fact]
    public async Task An_instance_that_is_ready_is_scraped_and_one_that_is_gone_gets_stale_marks()
    {
        _fleet.Targets = [Target(ScrapeWish.Unsaid)];
        Start();
        await Until.HoldsAsync(() => _sink.Of("orders_total").Any(), "a page was read");
        _fleet.Targets = [];
        await Until.HoldsAsync(() => _sink.Of("orders_total").Any(sample => sample.IsStale()) && _sink.Of("up").Any(sample => sample.IsStale()), "its series have ended");

        var first = _sink.Of("orders_total").First();
        Assert.Equal(
            "orders_total{exported_service=\"inner\",instance=\"orders-00001-a\",job=\"orders\",namespace=\"shop\",revision=\"orders-00001\",service=\"orders\"}", first.Series.ToString());
        Assert.Equal(7, first.Value);
        Assert.Equal(1, _sink.Of("up").First().Value);
        Assert.Equal(1, _sink.Of("scrape_samples_scraped").First().Value);
        Assert.Empty(Scraping.Targets);
    }

    [Fact]
    public async Task An_instance_without_figures_that_nobody_spoke_of_is_left_alone()
    {
        _program.Answer = http => Respond(http, 404, "nothing here");
        _fleet.Targets = [Target(ScrapeWish.Unsaid)];
        Start();
        await Until.HoldsAsync(() => Scraping.Targets.Any(target => target.Health == TargetHealth.Silent), "it was asked once");

        Assert.Empty(_sink.Samples);
    }

    [Theory]
    [InlineData(404, "nothing here")]
    [InlineData(500, "broken")]
    [InlineData(200, "this is { no page of figures\n")]
    public async Task An_instance_that_should_have_figures_and_has_none_is_down(int status, string text)
    {
        _program.Answer = http => Respond(http, status, text);
        _fleet.Targets = [Target(ScrapeWish.Asked)];
        Start();
        await Until.HoldsAsync(() => _sink.Of("up").Any(), "it was asked");

        Assert.Equal(0, _sink.Of("up").First().Value);
        Assert.Equal((TargetHealth.Down, true), (Scraping.Targets[0].Health, Scraping.Targets[0].LastError is { Length: > 0 }));
    }

    [Fact]
    public async Task An_answer_beyond_the_bound_is_refused_as_a_whole()
    {
        _program.Answer = http => Respond(http, 200, new string('#', 70_000));
        _fleet.Targets = [Target(ScrapeWish.Asked)];
        Start();
        await Until.HoldsAsync(() => _sink.Of("up").Any(), "it was asked");

        Assert.Contains("larger than 65536 bytes", Scraping.Targets[0].LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void Instances_are_not_all_asked_at_the_same_moment_and_each_at_the_same_one_always()
    {
        var interval = TimeSpan.FromSeconds(15);
        var offsets = Enumerable.Range(0, 200).Select(number => Scraper.OffsetOf($"orders-00001-deployment-{number}", interval)).ToList();

        Assert.All(offsets, offset => Assert.InRange(offset, TimeSpan.Zero, interval));
        Assert.All(Enumerable.Range(0, 5), fifth => Assert.InRange(offsets.Count(offset => (int)(offset / (interval / 5)) == fifth), 15, 80));
        var now = new DateTimeOffset(2026, 5, 4, 12, 0, 7, TimeSpan.Zero);
        var next = now + Scraper.UntilNext(now, offsets[0], interval, TimeSpan.FromSeconds(5));
        Assert.Equal(interval, Scraper.UntilNext(next, offsets[0], interval, TimeSpan.FromSeconds(5)));
    }

    private Scraper Scraping => _started ?? throw new InvalidOperationException("Start it first.");

    private void Start()
    {
        var options = new ScrapeOptions { Interval = TimeSpan.FromSeconds(1), Look = TimeSpan.FromMilliseconds(20), BytesMax = 65_536 };
        _started = new Scraper(_fleet, _sink, options, TimeProvider.System, NullLogger<Scraper>.Instance);
        _running = Task.Run(() => Scraping.RunAsync(_stop.Token));
    }

    private ScrapeTarget Target(ScrapeWish wish) => new("shop", "orders", "orders-00001", "orders-00001-a", _program.Address, "/metrics", wish);

    private static Task Respond(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain";
        return http.Response.WriteAsync(text);
    }

    private sealed class Fleet : IScrapeTargets
    {
        public volatile IReadOnlyList<ScrapeTarget> Targets = [];

        public IReadOnlyList<ScrapeTarget> Now() => Targets;
    }

    /// <summary>A program with figures, on a port of its own.</summary>
    private sealed class ToldProgram : IAsyncDisposable
    {
        private WebApplication? _app;

        public RequestDelegate Answer { get; set; } = http => Respond(http, 200, "# TYPE orders_total counter\norders_total{service=\"inner\"} 7\n");

        public IPEndPoint Address { get; private set; } = new(IPAddress.Loopback, 0);

        public async Task StartAsync()
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.Services.AddRoutingCore();
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
            _app = builder.Build();
            _app.Run(http => Answer(http));
            await _app.StartAsync();
            Address = new IPEndPoint(IPAddress.Loopback, new Uri(_app.Urls.First()).Port);
        }

        public async ValueTask DisposeAsync()
        {
            if (_app is not null)
            {
                await _app.DisposeAsync();
            }
        }
    }
}
