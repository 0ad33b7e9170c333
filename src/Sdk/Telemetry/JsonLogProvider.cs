using Microsoft.Extensions.Logging;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Telemetry;

/// <summary>Writes log entries as lines of JSON. The framework speaks only when something is wrong.</summary>
[ProviderAlias("Json")]
internal sealed class JsonLogProvider(ServiceIdentity service, LogWriter writer, LogLevel level, TimeProvider time) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new JsonLogger(this, LevelOf(categoryName));

    public void Dispose()
    {
        // The writer outlives the provider: what other parts say while they end is written too.
    }

    private LogLevel LevelOf(string category)
    {
        // Its only effect would be a second activity around each request.
        if (category == "Microsoft.AspNetCore.Hosting.Diagnostics")
        {
            return LogLevel.None;
        }

        var ofFramework = category.StartsWith("Microsoft.", StringComparison.Ordinal) || category.StartsWith("System.", StringComparison.Ordinal);
        return ofFramework && level < LogLevel.Warning ? LogLevel.Warning : level;
    }

    private sealed class JsonLogger(JsonLogProvider provider, LogLevel level) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= level && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                provider.Write(logLevel, eventId, state, exception, formatter);
            }
        }
    }

    private void Write<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        writer.Write(LogLine.Write(service, time.GetUtcNow(), level, id, state, exception, formatter));
}
