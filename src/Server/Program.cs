using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Slipway.Server;
using Slipway.Server.Logging;
using Slipway.Server.Settings;
using Slipway.Store.Installation;

// Read by the runtime at the first socket: completions run where they arrive, which the gateway's hot path is made for.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

var (settings, problems) = ServerSettings.Read(Environment.GetEnvironmentVariable);
using var claim = ServerClaim.Take(settings.Folder);
if (claim.Problem is { } refused)
{
    // Whoever holds the folder also holds its status file, so this is said here only.
    await Console.Error.WriteLineAsync($"slipwayd: {refused}");
    return InstallationStatus.ExitCodeNeedsAttention;
}

var time = TimeProvider.System;
var report = new StatusReport(settings.Folder, time);
if (problems.Count > 0)
{
    report.Failed("settings-invalid", string.Join("; ", problems));
    return InstallationStatus.ExitCodeNeedsAttention;
}

using var loggers = LoggerFactory.Create(logging => logging
    .AddProvider(new FileLoggerProvider(settings.Folder, time))
    .SetMinimumLevel(LogLevel.Information)
    .AddFilter("Microsoft", LogLevel.Warning));
using var stopping = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

await using var platform = new Platform(settings, report, time, loggers);
try
{
    await platform.StartAsync(stopping.Token);
    await platform.RunAsync(stopping.Token);
    await platform.StopAsync();
    report.Stopped();
    return 0;
}
catch (StartFailureException failure)
{
    ServerLog.CannotStart(loggers.CreateLogger("Slipway.Server"), failure.Code, failure.Message);
    await platform.StopAsync();
    report.Failed(failure.Code, failure.Message);
    return InstallationStatus.ExitCodeNeedsAttention;
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    await platform.StopAsync();
    report.Stopped();
    return 0;
}

#pragma warning disable CA1031 // Whatever it was, people must find it in the log and in the status before the supervisor tries again.
catch (Exception crash)
#pragma warning restore CA1031
{
    ServerLog.Crashed(loggers.CreateLogger("Slipway.Server"), crash);
    report.Failed("server-crashed", $"the server crashed and is started again: {crash.Message} The log has more: {settings.Folder.ServerLog}");
    return 1;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopping.Cancel();
}
