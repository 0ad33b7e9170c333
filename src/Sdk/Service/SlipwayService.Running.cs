using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Settings;
using Slipway.Sdk.Telemetry;

namespace Slipway.Sdk.Service;

public sealed partial class SlipwayService
{
    // The codes of sysexits.h, beside SettingsException.ExitCode.
    private const int UsageExitCode = 64;
    private const int SoftwareExitCode = 70;

    private const string DocumentVerb = "openapi";

    private readonly List<Func<IServiceProvider, CancellationToken, Task>> _afterwards = [];

    /// <summary>Runs after every command that succeeded.</summary>
    internal void AfterCommands(Func<IServiceProvider, CancellationToken, Task> run) => _afterwards.Add(run);

    /// <summary>The finished service, not yet listening.</summary>
    /// <exception cref="SettingsException">Settings are wrong.</exception>
    /// <exception cref="ServiceMistakeException">An endpoint does not say who may call it.</exception>
    public WebApplication Build(Action<WebApplication> map)
    {
        Settings.Check();
        var app = Builder.Build();
        ServicePipeline.Begin(app, _features);
        map(app);
        app.UseEndpoints(_ => { });
        var endpoints = app.Services.GetRequiredService<EndpointDataSource>().Endpoints;
        CallerGate.Check(endpoints, _features.KnowsCallers);
        LimitGate.Check(endpoints, _limits);
        return app;
    }

    /// <summary>Serves until told to stop, or runs the command the program was started with. Answers the exit code.</summary>
    public async Task<int> RunAsync(Action<WebApplication> map)
    {
        try
        {
            return _line.Verb switch
            {
                null => await ServeAsync(map),
                DocumentVerb => await WriteDocumentAsync(map),
                var verb => await RunCommandAsync(verb),
            };
        }
        catch (SettingsException exception)
        {
            foreach (var mistake in exception.Mistakes)
            {
                await Console.Error.WriteLineAsync($"{Name}: {mistake}");
            }

            return SettingsException.ExitCode;
        }
        catch (ServiceMistakeException exception)
        {
            await Console.Error.WriteLineAsync($"{Name}: {exception.Message}");
            return SoftwareExitCode;
        }
        catch (IOException exception) when (exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"{Name}: {exception.Message} Choose another port with PORT.");
            return 1;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync($"{Name}: {Redaction.Scrub(exception.ToString())}");
            return SoftwareExitCode;
        }
    }

    private async Task<int> ServeAsync(Action<WebApplication> map)
    {
        var grace = Settings.Seconds("DRAIN_SECONDS", 9);
        await using var app = Build(map);
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = OnSignal(PosixSignal.SIGTERM, stop);
        using var interrupt = OnSignal(PosixSignal.SIGINT, stop);
        await app.StartAsync();

        // A part of the service that cannot go on ends it through the application's lifetime.
        var failed = false;
        using var ended = app.Lifetime.ApplicationStopping.Register(() => failed = stop.TrySetResult());
        await stop.Task;
        try
        {
            var time = app.Services.GetRequiredService<TimeProvider>();
            await app.Services.GetRequiredService<Drain>().BeginAsync().WaitAsync(grace, time);
        }
        catch (TimeoutException)
        {
            // What still runs had its grace; stopping cuts it off and its sender repeats it.
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await app.StopAsync(limit.Token);
        return failed && Environment.ExitCode == 0 ? 1 : Environment.ExitCode;
    }

    /// <summary>The document that is committed beside the program, so that a change of what it offers shows in review.</summary>
    private async Task<int> WriteDocumentAsync(Action<WebApplication> map)
    {
        await using var app = Build(map);
        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(app.Services.GetRequiredService<ServiceDocument>().Bytes);
        return 0;
    }

    private async Task<int> RunCommandAsync(string verb)
    {
        if (!_commands.TryGetValue(verb, out var run))
        {
            var known = string.Join(", ", _commands.Keys.Append(DocumentVerb).Order(StringComparer.Ordinal));
            await Console.Error.WriteLineAsync($"{Name}: there is no command {verb}; known are: {known}. Without a command the service serves.");
            return UsageExitCode;
        }

        Settings.Check();
        await using var app = Builder.Build();
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancel = new CancellationTokenSource();
        using var terminate = OnSignal(PosixSignal.SIGTERM, stop);
        using var interrupt = OnSignal(PosixSignal.SIGINT, stop);
        using var export = app.Services.GetService<SpanExport>();
        export?.Begin();
        try
        {
            var running = CommandSpan.RunAsync(app.Services.GetRequiredService<Traces>(), verb, () => run(app.Services, cancel.Token));
            if (await Task.WhenAny(running, stop.Task) == stop.Task)
            {
                await cancel.CancelAsync();
            }

            var exitCode = await running;
            foreach (var afterwards in exitCode == 0 && !cancel.IsCancellationRequested ? _afterwards : [])
            {
                await afterwards(app.Services, cancel.Token);
            }

            return exitCode;
        }
        finally
        {
            await (export?.StopAsync(CancellationToken.None) ?? Task.CompletedTask);
        }
    }

    private static PosixSignalRegistration OnSignal(PosixSignal signal, TaskCompletionSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.TrySetResult();
        });
}
