using Slipway.Sdk.Hosting;
using Slipway.Web.Tests.Titanic;
using Titanic.Api;

[assembly: AssemblyFixture(typeof(RunningTitanic))]

namespace Slipway.Web.Tests.Titanic;

/// <summary>The passengers' service with its page, a real database and the 891 it opens with. Started by the first test that needs it.</summary>
public sealed class RunningTitanic : IAsyncLifetime
{
    private readonly TestPostgres _postgres = new();
    private readonly SemaphoreSlim _starting = new(1);
    private RunningService? _service;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    internal async Task<Uri> AddressAsync()
    {
        await _starting.WaitAsync();
        try
        {
            _service ??= await StartAsync();
            // Browsers send names under localhost to this machine, so the page lives where its users know it.
            return new UriBuilder(_service.Address) { Host = "titanic.localhost" }.Uri;
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        await _postgres.DisposeAsync();
        _starting.Dispose();
    }

    private async Task<RunningService> StartAsync()
    {
        var environment = new Dictionary<string, string?>((await _postgres.DatabaseAsync()).Environment) { ["LIMITS"] = "off" };
        var service = await RunningService.StartAsync(TitanicService.Create, TitanicService.Map, environment);
        var settings = environment.SelectMany(setting => new[] { "--set", $"{setting.Key}={setting.Value}" });
        var ended = await TitanicService.Create([.. settings, "seed"], options =>
        {
            options.Environment = _ => null;
            options.Output = () => Stream.Null;
        }).RunAsync(TitanicService.Map);
        Assert.Equal(0, ended);
        return service;
    }
}
