using System.Diagnostics;

namespace Slipway.Sdk.Telemetry;

/// <summary>The span of a command such as <c>migrate</c>: one for the whole of it.</summary>
internal static class CommandSpan
{
    public static async Task<int> RunAsync(Traces traces, string verb, Func<Task<int>> run)
    {
        using var span = traces.Start(verb);
        try
        {
            var exitCode = await run();
            span?.AddTag("process.exit.code", exitCode);
            if (exitCode != 0)
            {
                span?.SetStatus(ActivityStatusCode.Error, $"exit code {exitCode}");
            }

            return exitCode;
        }
        catch (Exception exception)
        {
            span?.AddException(exception);
            span?.SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }
}
