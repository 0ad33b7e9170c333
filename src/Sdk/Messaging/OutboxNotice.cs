using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Outbound;

namespace Slipway.Sdk.Messaging;

/// <summary>
/// A command may leave events behind, and only the serving program sends them: it alone has the key they are signed with. It may be
/// asleep, so it is called, and the events need not wait for the next request.
/// </summary>
internal static partial class OutboxNotice
{
    private const string Path = "/live";

    public static async Task GiveAsync(string service, IServiceProvider services, CancellationToken cancellation)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OutboxNotice));
        try
        {
            if (!await services.GetRequiredService<OutboxStore>().IsEmptyAsync(cancellation))
            {
                using var answer = await services.GetRequiredService<ServiceCalls>().Client(service).GetAsync(new Uri(Path, UriKind.Relative), cancellation);
            }
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // The events are safe and leave with the service's next waking; before its first deployment there is nobody to call.
            LogUncalled(logger, service, exception.Message);
        }
    }

    [LoggerMessage(EventId = 8505, Level = LogLevel.Information, Message = "Events wait until {Service} wakes: {Reason}")]
    private static partial void LogUncalled(ILogger logger, string service, string reason);
}
