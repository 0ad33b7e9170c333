using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Hosting;

/// <summary>A real service of the caller's making, listening on a free port of the loopback address.</summary>
public sealed class RunningService : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;

    private RunningService(WebApplication app, Uri address, LogStream lines)
    {
        (_app, Address, Log) = (app, address, lines);
        Client = NewClient();
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>What the service has logged so far; empty for a factory with options of its own.</summary>
    public LogStream Log { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Only what is in <paramref name="environment"/> exists for the service; nothing of this machine reaches it.</summary>
    public static Task<RunningService> StartAsync(
        Func<string[], Action<SlipwayServiceOptions>?, SlipwayService> create,
        Action<WebApplication> map,
        IReadOnlyDictionary<string, string?>? environment = null,
        TimeProvider? time = null)
    {
        var lines = new LogStream();
        return StartAsync(
            args => create(args, options =>
            {
                options.Environment = _ => null;
                options.Time = time ?? options.Time;
                options.Output = () => lines;
            }),
            map,
            environment ?? new Dictionary<string, string?>(),
            lines);
    }

    /// <summary>For a factory with options of its own; the environment given here wins over them.</summary>
    public static Task<RunningService> StartAsync(
        Func<string[], SlipwayService> create, Action<WebApplication> map, IReadOnlyDictionary<string, string?> environment)
    {
        // Nobody collects these lines, and a test's own output should stay readable.
        var quiet = new Dictionary<string, string?> { ["LOG_LEVEL"] = "error" };
        foreach (var (name, value) in environment)
        {
            quiet[name] = value;
        }

        return StartAsync(create, map, quiet, new LogStream());
    }

    private static async Task<RunningService> StartAsync(
        Func<string[], SlipwayService> create, Action<WebApplication> map, IReadOnlyDictionary<string, string?> environment, LogStream lines)
    {
        var args = new List<string>();
        foreach (var (name, value) in environment.Append(new("PORT", "0")).Append(new("HOST", "127.0.0.1")))
        {
            args.AddRange(["--set", $"{name}={value}"]);
        }

        var app = create([.. args]).Build(map);
        try
        {
            await app.StartAsync().WaitAsync(s_patience);
            var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
            return new RunningService(app, new Uri(addresses.Single()), lines);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Once its migrations are done and what it needs answers; for tests that look into the database themselves.</summary>
    public async Task<RunningService> UntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (true)
        {
            using var answer = await Client.GetAsync("/ready", limit.Token);
            if (answer.IsSuccessStatusCode)
            {
                return this;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>A client that shows answers as they are: no redirects followed, no cookies kept.</summary>
    public HttpClient NewClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = Address, Timeout = s_patience };

    /// <summary>What a termination signal begins: nothing new is taken. Ends when the running requests have.</summary>
    public Task DrainAsync() => Services.GetRequiredService<Drain>().BeginAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();

        // Streams that a test left open end with the drain; waiting for them here would hide a hanging one for long.
        _ = Services.GetRequiredService<Drain>().BeginAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }
}
